package summarize_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"paperlab/lib/summarize"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// golden is what Trainer did with a T5 (testdata/make_golden.py).
type golden struct {
	Examples []tokenized
	Orders   [][]int
	Losses   []float64
	Logged   []struct {
		Step         int
		Epoch, Loss  float64
		GradNorm     float64 `json:"grad_norm"`
		LearningRate float64 `json:"learning_rate"`
	}
	Evaluated []struct {
		Step int
		Loss float64 `json:"eval_loss"`
	}
	TrainLoss float64 `json:"train_loss"`
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	data, err := os.ReadFile("testdata/trainer.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// withoutDropout loads the T5 of package t5's goldens.
func withoutDropout(t *testing.T) *t5.Model {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "t5", "testdata", "gated"))); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "config.json")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte(`"dropout_rate": 0.1`), []byte(`"dropout_rate": 0.0`), 1)
	if err := os.WriteFile(config, text, 0o644); err != nil {
		t.Fatal(err)
	}
	m, err := t5.Load(dir, tensor.CPU)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

func TestSixtyStepsOfTrainingEqualTrainers(t *testing.T) {
	for name, kernels := range map[string]bool{"kernels": true, "libtorch's operations": false} {
		t.Run(name, func(t *testing.T) {
			defer tensor.SetKernels(tensor.SetKernels(kernels))
			equalsTrainer(t, readGolden(t))
		})
	}
}

func equalsTrainer(t *testing.T, g golden) {
	m := summarize.Model{Model: withoutDropout(t)}
	task := m.Task(ours(t, g.Examples[:43]), ours(t, g.Examples[43:]))
	task.Order = func(epoch, _ int) []int { return g.Orders[epoch] }
	var logged []train.Logged
	var evaluated []train.Evaluated
	result, err := train.Fit(t.Context(), task, train.Config{
		Epochs: 20, BatchSize: 3, EvalBatchSize: 4, Accumulation: 4, LearningRate: 1e-3, WarmupSteps: 6, WeightDecay: 0.01, MaxGradNorm: 1, LogEvery: 1,
	}, func(_ context.Context, e train.Event) error {
		switch e := e.(type) {
		case train.Logged:
			logged = append(logged, e)
		case train.Evaluated:
			evaluated = append(evaluated, e)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(logged) != 60 || len(g.Logged) != 60 || len(evaluated) != len(g.Evaluated) {
		t.Fatalf("%d steps and %d evaluations, Trainer's %d and %d", len(logged), len(evaluated), len(g.Logged), len(g.Evaluated))
	}
	for i, want := range g.Logged {
		near(t, "loss", i, logged[i].Loss, g.Losses[i])
		near(t, "gradient norm", i, logged[i].GradNorm, want.GradNorm)
		near(t, "learning rate", i, logged[i].LearningRate, want.LearningRate)
		near(t, "epoch", i, logged[i].Epoch, want.Epoch)
	}
	for i, want := range g.Evaluated {
		if evaluated[i].Step != want.Step {
			t.Errorf("evaluation %d came after step %d, Trainer's after %d", i, evaluated[i].Step, want.Step)
		}
		near(t, "validation loss", i, evaluated[i].Loss, want.Loss)
	}
	near(t, "training loss", 0, result.Loss, g.TrainLoss)
}

// near checks the tolerance of 1e-4 relative.
func near(t *testing.T, what string, i int, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-4*math.Abs(want)+1e-9) {
		t.Errorf("%s %d is %v, Trainer's %v", what, i, got, want)
	}
}
