package npy_test

import (
	"fmt"
	"os"
	"path/filepath"

	"paperlab/lib/npy"
)

func ExampleGrow() {
	dir, err := os.MkdirTemp("", "npy")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "vectors.npy")
	for _, vector := range [][]float32{{1, 2}, {3, 4}} {
		g, err := npy.Grow(path, 2, "an example") // goes on where the one before stopped
		if err != nil {
			fmt.Println(err)
			return
		}
		err = g.Append(vector, "")
		fmt.Println(g.Rows(), err, g.Close())
	}
	// Output:
	// 1 <nil> <nil>
	// 2 <nil> <nil>
}
