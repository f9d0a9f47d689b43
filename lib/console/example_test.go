package console_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"math"
	"os"
	"time"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
)

// A command line with a typo, as a main function handles it.
func Example() {
	root := &cobra.Command{Use: "paperlab"}
	root.AddCommand(&cobra.Command{Use: "train", RunE: func(*cobra.Command, []string) error { return nil }})
	console.Prepare(root)

	root.SetArgs([]string{"trian"})
	err := root.ExecuteContext(context.Background())
	console.Report(os.Stdout, err)
	fmt.Println("exit", console.Exit(err))
	// Output:
	// paperlab: unknown command "trian" for "paperlab" (did you mean train?)
	// exit 2
}

func ExampleReport() {
	err := fmt.Errorf("open index: %w", errors.New("file is truncated"))
	console.Report(os.Stdout, console.Hint(err, "run paperlab index build again"))
	// Output: paperlab: open index: file is truncated (run paperlab index build again)
}

func ExampleJSON() {
	type point struct {
		Step int     `json:"step"`
		Loss float64 `json:"loss"`
	}
	for _, p := range []point{{1, 2.5}, {2, math.NaN()}} {
		if err := console.JSON(os.Stdout, p); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// {"step":1,"loss":2.5}
	// {"step":2,"loss":"NaN"}
}

func ExampleProgress() {
	now := time.Unix(0, 0)
	clock := func() time.Time { return now }
	p := console.NewProgress(os.Stdout, clock, console.Task{Label: "training", Unit: "step", Total: 3})
	for _, loss := range []float64{2.5, 2.25, 2} {
		now = now.Add(3 * time.Second)
		p.Add(1, console.Value{Name: "loss", Value: loss})
	}
	p.End()
	// Output:
	// training: 2/3 (66%), 3 s/step, 3s left, loss 2.25
	// training: 3/3 (100%), 3 s/step, done in 9s, loss 2
}
