package figure_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"paperlab/tracker/figure"
	"paperlab/tracker/runs"
)

// Two learning rates with two seeds each: the mean of each rate, in a band of one standard deviation.
func ExampleBandsOf() {
	folder, err := os.MkdirTemp("", "figure-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	if err := drawSweep(context.Background(), folder); err != nil {
		log.Fatal(err)
	}
	// Output: eval/loss against step in sweep.svg
}

func drawSweep(ctx context.Context, folder string) error {
	store, err := runs.Open(ctx, filepath.Join(folder, runs.FileName))
	if err != nil {
		return err
	}
	defer store.Close()
	for i, rate := range []float64{1e-4, 1e-4, 1e-3, 1e-3} {
		run, err := runs.Create(ctx, store, runs.Options{Params: map[string]any{"lr": rate}})
		if err != nil {
			return err
		}
		for step := range int64(3) {
			if err := run.Log(ctx, step, map[string]float64{"eval/loss": float64(4+i) / float64(step+1)}); err != nil {
				return err
			}
		}
	}
	options := figure.Options{Title: "Sweep", Band: figure.Deviation}
	p, err := figure.BandsOf(ctx, store, "eval/loss", runs.Query{Group: "params.lr"}, options)
	if err != nil {
		return err
	}
	path := filepath.Join(folder, "sweep.svg")
	fmt.Println(p.Y.Label.Text, "against", p.X.Label.Text, "in", filepath.Base(path))
	return figure.SaveAs(p, options, path)
}
