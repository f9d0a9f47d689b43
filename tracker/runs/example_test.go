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

// A program whose run is finished, failed or, when somebody stops it, killed.
func ExampleDo() {
	folder, err := os.MkdirTemp("", "runs-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	ctx := context.Background()
	store, err := runs.Open(ctx, filepath.Join(folder, runs.FileName))
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()
	err = runs.Do(ctx, store, runs.Options{Name: "baseline"}, func(ctx context.Context, run *runs.Run) error {
		if err := run.Table(ctx, "summaries", 1, []string{"paper", "rouge1"}, [][]any{{"Attention", 0.4}}); err != nil {
			return err
		}
		if err := run.Histogram(ctx, "lengths", 1, []float64{90, 120, 130}, 2); err != nil {
			return err
		}
		return run.Log(ctx, 1, map[string]float64{"eval/loss": 2})
	})
	if err != nil {
		log.Fatal(err)
	}
	all, err := runs.List(ctx, store, tracker.RunFilter{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(all[0].Run.Name, all[0].Run.Status)
	// Output: baseline finished
}

func ExampleBins() {
	edges, counts := runs.Bins([]float64{0, 1, 2, 2}, 2)
	fmt.Println(edges, counts)
	// Output: [0 1 2] [1 3]
}
