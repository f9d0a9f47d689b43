package interp_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"paperlab/kernel/interp"
	_ "paperlab/kernel/interp/symbols/bindings" // what cells import
)

func Example() {
	in, err := interp.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	cells := []string{
		"import \"strings\"\nwords := strings.Fields(\"to be or not to be\")\nlen(words)",
		"func last(s []string) string { return s[len(s)-1] }\nlast(words)",
		"println(words)\nwrods",
	}
	for i, source := range cells {
		cell := interp.Cell{Number: i + 1, Source: source}
		result, err := in.Run(context.Background(), cell, interp.IO{Stdout: os.Stdout, Stderr: os.Stderr})
		if wrong := (*interp.CompileError)(nil); errors.As(err, &wrong) {
			fmt.Println(wrong)
			continue
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(result.Values...)
	}
	// Output:
	// 6
	// be
	// In[3]:2:1: undefined: wrods
}

func ExampleIsComplete() {
	state, indent := interp.IsComplete("for i := range 3 {")
	fmt.Printf("%s %q\n", state, indent)
	// Output: incomplete "\t"
}
