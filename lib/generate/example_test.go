package generate_test

import (
	"context"
	"fmt"

	"paperlab/lib/generate"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

func Example() {
	config, err := t5.Named("t5-test")
	if err != nil {
		fmt.Println(err)
		return
	}
	model, err := t5.New(config, tensor.CPU, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer model.Close()

	settings := generate.Study()
	settings.MinLength, settings.MaxLength = 10, 16
	out, err := generate.Generate(context.Background(), model, [][]int{{21, 8, 30, 1}, {9, 1}}, settings)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, text := range out {
		n := len(text.IDs)
		fmt.Println("starts with", text.IDs[0], "and has", settings.MinLength, "ids or more:", n >= settings.MinLength && n <= settings.MaxLength)
	}
	// Output:
	// starts with 0 and has 10 ids or more: true
	// starts with 0 and has 10 ids or more: true
}
