package runs_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

func Example() {
	if err := train(context.Background()); err != nil {
		log.Fatal(err)
	}
	// Output:
	// finished after 3 steps, loss 2 at best
	// curve: [1 2 3] [3 2 2.5]
}

func train(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "runs-example-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	store, err := runs.Open(ctx, filepath.Join(folder, runs.FileName))
	if err != nil {
		return err
	}
	defer store.Close()

	run, err := runs.Start(ctx, store, runs.Options{Project: "summarize", Name: "baseline", Params: map[string]any{"lr": 5e-5}})
	if err != nil {
		return err
	}
	defer run.Finish(ctx, tracker.Failed) // does nothing if the run was finished before
	for i, loss := range []float64{3, 2, 2.5} {
		if err := run.Log(ctx, int64(i+1), map[string]float64{"train/loss": loss}); err != nil {
			return err
		}
	}
	if err := run.Finish(ctx, tracker.Finished); err != nil {
		return err
	}

	summary, err := runs.Get(ctx, store, run.ID())
	if err != nil {
		return err
	}
	loss, _ := summary.Metric("train/loss")
	fmt.Printf("%s after %d steps, loss %v at best\n", summary.Run.Status, loss.Last.Step, loss.Min)
	steps, values, err := runs.Curve(ctx, store, run.ID(), "train/loss")
	fmt.Println("curve:", steps, values)
	return err
}
