package cli_test

import (
	"context"
	"fmt"
	"strings"

	"paperlab/lib/cli"
)

// A verb that reads one text a line gives whole lines to the work, a few at once where that is faster.
func ExampleTexts() {
	err := cli.Texts(context.Background(), strings.NewReader("Attention is all you need.\nDeep residual learning"), func(text string) error {
		fmt.Println(len(strings.Fields(text)), text)
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// 5 Attention is all you need.
	// 3 Deep residual learning
}
