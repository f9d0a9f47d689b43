package headless_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"paperlab/kernel/headless"
	"paperlab/kernel/nbformat"
)

// echo is a kernel whose cells yield their own source.
type echo struct{}

func (echo) Execute(_ context.Context, number int, source string, out *headless.Outputs) error {
	out.Stream("stdout", source+"\n")
	return nil
}

func Example() {
	dir, err := os.MkdirTemp("", "headless-example-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	nb := nbformat.New()
	nb.Cells = []nbformat.Cell{
		{ID: "a", Type: nbformat.Code, Source: "epochs := 3", Metadata: map[string]any{"tags": []any{"parameters"}}},
	}
	random := rand.New(rand.NewPCG(1, 2))
	if err := headless.Inject(nb, []string{"epochs=1"}, random); err != nil {
		fmt.Println(err)
		return
	}
	err = headless.Run(context.Background(), nb, filepath.Join(dir, "out.ipynb"), echo{}, headless.Options{
		Observe: headless.NewPlain(os.Stdout, os.Stdout, time.Now).Observe, Now: time.Now, Random: random,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	nb.Cells[0].Source = "epochs := 4"
	for _, stale := range headless.Check(nb) {
		fmt.Printf("cell %d: %s\n", stale.Cell, stale.State.Explain())
	}
	// Output:
	// [1/2] epochs := 3
	// epochs := 3
	// [2/2] // Parameters
	// // Parameters
	// epochs = 1
	// cell 1: changed after it was run
	// cell 2: run before the cells above it became what they are
}
