package train_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

var nan = math.NaN()

// checkpoint is the name of a step's checkpoint.
func checkpoint(step int) string { return "checkpoint-" + strconv.Itoa(step) }

// trainerState is what transformers reads of a checkpoint.
type trainerState struct {
	GlobalStep          int              `json:"global_step"`
	MaxSteps            int              `json:"max_steps"`
	Epoch               float64          `json:"epoch"`
	BestMetric          float64          `json:"best_metric"`
	BestModelCheckpoint string           `json:"best_model_checkpoint"`
	LogHistory          []map[string]any `json:"log_history"`
}

func readState(t *testing.T, dir string) (state trainerState) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "trainer_state.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &state); err != nil {
		t.Fatal(err)
	}
	return state
}

// recorder keeps what its hook is told.
type recorder struct {
	events    []train.Event
	started   train.Started
	losses    []float64
	rates     []float64 // of the steps
	logged    []loggedLine
	evaluated []evaluatedLine
	saved     []train.Saved
	finished  train.Finished
}

// loggedLine and evaluatedLine leave out what differs from one training to the next: memory and time.
type loggedLine struct {
	step                        int
	epoch, loss, rate, gradNorm float64
}

type evaluatedLine struct {
	step                      int
	epoch, loss, trainingLoss float64
	best                      bool
}

func (r *recorder) hook(_ context.Context, e train.Event) error {
	r.events = append(r.events, e)
	switch e := e.(type) {
	case train.Started:
		r.started = e
	case train.Step:
		r.losses, r.rates = append(r.losses, e.Loss), append(r.rates, e.LearningRate)
	case train.Logged:
		r.logged = append(r.logged, loggedLine{e.Step, e.Epoch, e.Loss, e.LearningRate, e.GradNorm})
	case train.Evaluated:
		r.evaluated = append(r.evaluated, evaluatedLine{e.Step, e.Epoch, e.Loss, e.TrainingLoss, e.Best})
	case train.Saved:
		r.saved = append(r.saved, e)
	case train.Finished:
		r.finished = e
	}
	return nil
}

// eventHook is a hook that needs no context.
func eventHook(f func(train.Event) error) train.Hook {
	return func(_ context.Context, e train.Event) error { return f(e) }
}

// wider is a model with other parameters than newMLP's.
func wider(tb testing.TB) *mlp {
	tb.Helper()
	p, err := nn.NewParameters(tensor.CPU, []nn.Spec{{Name: "wide", Shape: []int64{100}}})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(p.Close)
	return &mlp{parameters: p}
}
