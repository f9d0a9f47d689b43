package tee_test

import (
	"fmt"
	"os"

	"paperlab/tracker/tee"
)

func Example() {
	lines := 0
	t, err := tee.Start(func(stream string, text []byte) {
		if stream == tee.Stderr {
			lines++
		}
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Fprintln(os.Stderr, "one line, which is seen on standard error too")
	if err := t.Stop(); err != nil {
		fmt.Println(err)
	}
	fmt.Println(lines)
	// Output: 1
}
