package pdf_test

import (
	"context"
	"fmt"
	"strings"

	"paperlab/lib/corpus/pdf"
)

func ExampleReader_Text() {
	reader, err := pdf.NewReader(cache)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer reader.Close()
	text, err := reader.Text(context.Background(), typeset())
	fmt.Println(strings.Fields(text), err)
	// Output: [We provide improved bounds for learning in finite time] <nil>
}
