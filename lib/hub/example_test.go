package hub_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"paperlab/lib/hub"
)

func ExampleCache_Resolve() {
	models, err := os.MkdirTemp("", "models")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(models)
	if err := os.Mkdir(filepath.Join(models, "all-MiniLM-L6-v2"), 0o755); err != nil {
		log.Fatal(err)
	}

	cache := hub.Cache{Models: models} // hub.Default() reads the environment instead
	dir, err := cache.Resolve("all-MiniLM-L6-v2")
	fmt.Println(filepath.Base(dir), err)
	_, err = cache.Resolve("google/flan-t5-small")
	fmt.Println(err)

	// Output:
	// all-MiniLM-L6-v2 <nil>
	// model google/flan-t5-small is not on this machine: looked for ./google/flan-t5-small (`paperlab fetch google/flan-t5-small` brings it from the hub; a folder works too)
}
