package hook_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
	"paperlab/tracker/hook"
	"paperlab/tracker/runs"
)

// A training whose losses are found in the database afterwards.
func Example() {
	if err := example(context.Background()); err != nil {
		log.Fatal(err)
	}
	// Output:
	// finished: batch size 4, training loss 2.08 at step 4
}

func example(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "hook-example-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	store, err := runs.Open(ctx, filepath.Join(folder, runs.FileName))
	if err != nil {
		return err
	}
	defer store.Close()
	model, err := newScale()
	if err != nil {
		return err
	}
	defer model.parameters.Close()

	cfg := train.Config{Epochs: 2, BatchSize: 4, LearningRate: 0.5, LogEvery: 4}
	run, err := runs.Start(ctx, store, runs.Options{Name: "scale", Params: cfg.Params()})
	if err != nil {
		return err
	}
	if _, err := train.Fit(ctx, train.Task[*tensor.Tensor]{Model: model, Training: numbers(8)}, cfg, hook.New(run)); err != nil {
		return err
	}

	summary, err := runs.Get(ctx, store, run.ID())
	if err != nil {
		return err
	}
	loss, _ := summary.Metric("train/loss")
	fmt.Printf("%s: batch size %v, training loss %.2f at step %d\n",
		summary.Run.Status, summary.Run.Params["batch_size"], loss.Last.Value, loss.Last.Step)
	return nil
}

// scale learns one factor, so that it times x is 2 x.
type scale struct{ parameters *nn.Parameters }

func newScale() (*scale, error) {
	p, err := nn.NewParameters(tensor.CPU, []nn.Spec{{Name: "factor", Shape: []int64{1}}})
	return &scale{p}, err
}

func (m *scale) Parameters() *nn.Parameters { return m.parameters }

func (m *scale) Loss(s *tensor.Scope, x *tensor.Tensor) *tensor.Tensor {
	return s.Mean(s.Pow(s.Mul(s.AddScalar(m.parameters.Get("factor"), -2), x), 2))
}

// numbers is a data set of so many ones.
type numbers int

func (n numbers) Len() int { return int(n) }

func (n numbers) Batch(s *tensor.Scope, indices []int) *tensor.Tensor {
	return s.Full(1, tensor.Float32, int64(len(indices)))
}
