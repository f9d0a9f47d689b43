package bind_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"paperlab/kernel/interp/symbols/bind"
)

func Example() {
	dir, err := os.MkdirTemp("", "bindings-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	ring, err := bind.Load(context.Background(), bind.Config{}, "container/ring")
	if err == nil {
		err = bind.Write(dir, "bindings", nil, bind.Set{Packages: ring})
	}
	files, globErr := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || globErr != nil {
		fmt.Println(err, globErr)
		return
	}
	for _, file := range files {
		fmt.Println(filepath.Base(file))
	}
	// Output:
	// container_ring_gen.go
	// facts_gen.zip
}
