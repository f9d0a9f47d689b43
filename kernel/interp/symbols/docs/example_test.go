package docs_test

import (
	"fmt"

	"paperlab/kernel/interp/symbols/docs"
)

func Example() {
	own, err := docs.Read(".", "paperlab/kernel/interp/symbols/docs")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(own["Read"].Declaration)
	// Output:
	// func Read(dir, importPath string) (Package, error)
}
