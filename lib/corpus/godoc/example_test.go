package godoc_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"paperlab/lib/corpus/godoc"
)

func Example() {
	// godoc.Source gives the installed library instead.
	src := fstest.MapFS{"strings/strings.go": {Data: []byte(`package strings

// Cut slices s around the first instance of sep. It returns the text before and after sep.
// If sep does not appear in s, cut returns s, "", false.
func Cut(s, sep string) (before, after string, found bool)
`)}}
	papers, err := godoc.Papers(context.Background(), src)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range papers {
		fmt.Printf("%s (%s)\n%s\n%s\n", p.Title, p.Categories, p.Abstract, p.Article)
	}
	// Output:
	// strings.Cut (strings)
	// Cut slices s around the first instance of sep.
	// It returns the text before and after sep.
	// If sep does not appear in s, cut returns s, "", false.
}
