package summarize_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"paperlab/lib/summarize"
	"paperlab/lib/train"
	"paperlab/peers"
)

// randomTraining is what the live Trainer did (testdata/random_trainings.py).
type randomTraining struct {
	golden
	Config    json.RawMessage
	Smoothing float64
	Training  int       // of the examples, the others are validated on
	Used      []float64 // learning rates, one a step
	Best      *float64  // metric, nil where the last model is kept
	Kept      []int     // steps of the checkpoints
	Norm      float64   // of all weights in the end
}

// TestTrainingsByChanceEqualTheLiveTrainers takes arguments by chance, such as the goldens do not have together. With PAPERLAB_SOAK
// there are many more.
func TestTrainingsByChanceEqualTheLiveTrainers(t *testing.T) {
	count := "6"
	if os.Getenv("PAPERLAB_SOAK") != "" {
		count = "200"
	}
	file := filepath.Join(t.TempDir(), "trainings.json")
	peers.Run(t, peers.Study, "testdata/random_trainings.py", "3", count, file)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []randomTraining
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for i, r := range all {
		t.Run(fmt.Sprintf("%d of %d examples, smoothing %v, %s", i, r.Training, r.Smoothing, r.Config), func(t *testing.T) { r.check(t) })
	}
}

func (r randomTraining) check(t *testing.T) {
	m := summarize.Model{Model: withoutDropout(t), Smoothing: r.Smoothing}
	config := train.Config{Output: t.TempDir()}
	if err := json.Unmarshal(r.Config, &config); err != nil {
		t.Fatal(err)
	}
	task := m.Task(ours(t, r.Examples[:r.Training]), ours(t, r.Examples[r.Training:]))
	task.Order = func(epoch, _ int) []int { return r.Orders[epoch] }
	task.Save = m.Model.Save // there is no tokenizer
	var steps []train.Step
	var logged []train.Logged
	var evaluated []train.Evaluated
	result, err := train.Fit(t.Context(), task, config, func(_ context.Context, e train.Event) error {
		switch e := e.(type) {
		case train.Step:
			steps = append(steps, e)
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
	r.checkCurves(t, steps, logged, evaluated)
	near(t, "training loss", 0, result.Loss, r.TrainLoss)
	if r.Best != nil {
		near(t, "best metric", 0, result.BestMetric, *r.Best)
	}
	norm := 0.0
	for _, spec := range m.Parameters().Specs() {
		values, err := m.Parameters().Get(spec.Name).Float32s()
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range values {
			norm += float64(v) * float64(v)
		}
	}
	near(t, "norm of the weights", 0, math.Sqrt(norm), r.Norm)
	if kept := stepsOf(t, config.Output); !slices.Equal(kept, r.Kept) {
		t.Errorf("checkpoints %v, Trainer's %v", kept, r.Kept)
	}
}

func (r randomTraining) checkCurves(t *testing.T, steps []train.Step, logged []train.Logged, evaluated []train.Evaluated) {
	t.Helper()
	if len(steps) != len(r.Losses) || len(logged) != len(r.Logged) || len(evaluated) != len(r.Evaluated) {
		t.Fatalf("%d steps, %d logged, %d evaluations; Trainer's %d, %d, %d",
			len(steps), len(logged), len(evaluated), len(r.Losses), len(r.Logged), len(r.Evaluated))
	}
	for i, step := range steps {
		near(t, "loss", i, step.Loss, r.Losses[i])
		near(t, "learning rate", i, step.LearningRate, r.Used[i])
	}
	for i, want := range r.Logged {
		near(t, "logged step", i, float64(logged[i].Step), float64(want.Step))
		near(t, "epoch", i, logged[i].Epoch, want.Epoch)
		near(t, "logged learning rate", i, logged[i].LearningRate, want.LearningRate)
		if want.GradNorm > 0 { // Trainer measures none where it does not clip
			near(t, "gradient norm", i, logged[i].GradNorm, want.GradNorm)
		}
		if rounded := 1e-4; math.Abs(logged[i].Loss-want.Loss) > rounded+1e-4*want.Loss {
			t.Errorf("logged loss %d is %v, Trainer's %v", i, logged[i].Loss, want.Loss)
		}
	}
	for i, want := range r.Evaluated {
		near(t, "evaluated step", i, float64(evaluated[i].Step), float64(want.Step))
		near(t, "validation loss", i, evaluated[i].Loss, want.Loss)
	}
}

// stepsOf are the steps of the checkpoints in a folder.
func stepsOf(t *testing.T, output string) (steps []int) {
	t.Helper()
	folders, err := train.Checkpoints(output)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		step, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(folder), "checkpoint-"))
		if err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	return steps
}
