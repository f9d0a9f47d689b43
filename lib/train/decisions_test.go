package train_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"paperlab/lib/train"
)

// decision is what Trainer decided on given validation figures (testdata/make_golden.py).
type decision struct {
	Figures   []float64
	Patience  int
	Threshold float64
	Arguments struct {
		EvalStrategy string  `json:"eval_strategy"`
		SaveStrategy string  `json:"save_strategy"`
		EvalSteps    float64 `json:"eval_steps"`
		SaveSteps    float64 `json:"save_steps"`
		SaveLimit    int     `json:"save_total_limit"`
		MaxSteps     int     `json:"max_steps"`
		Metric       string  `json:"metric_for_best_model"`
		Greater      *bool   `json:"greater_is_better"`
		LoadBest     *bool   `json:"load_best_model_at_end"`
	}
	Steps      int
	Evaluated  []int
	Best       *string
	BestMetric *float64 `json:"best_metric"`
	Kept       []int
}

// config says the same in our words.
func (d decision) config(output string) train.Config {
	a := d.Arguments
	interval := func(strategy string, steps float64) train.Interval {
		if strategy == "epoch" {
			return train.Epoch
		}
		return train.Interval(steps)
	}
	c := train.Config{
		Epochs: 6, BatchSize: 1, LearningRate: 5e-5, MaxSteps: a.MaxSteps, Output: output, SaveLimit: a.SaveLimit,
		EvalEvery: interval(a.EvalStrategy, a.EvalSteps), SaveEvery: interval(a.SaveStrategy, a.SaveSteps), EvalBatchSize: 2,
		Metric: a.Metric, Patience: d.Patience, Threshold: d.Threshold, KeepLast: a.LoadBest != nil && !*a.LoadBest,
	}
	if a.Greater != nil {
		c.Better = map[bool]string{true: train.Greater, false: train.Less}[*a.Greater]
	}
	return c
}

func TestTheSameIsDecidedAsByTrainer(t *testing.T) {
	var all []decision
	if err := json.Unmarshal(read(t, "testdata/decisions.json"), &all); err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		t.Run(fmt.Sprintf("%v %+v patience %d", d.Figures, d.Arguments, d.Patience), func(t *testing.T) {
			figures := append(slices.Clone(d.Figures), slices.Repeat([]float64{9}, 60)...)
			task := train.Task[points]{Model: newScripted(t, figures...), Training: curve(12, 1), Validation: curve(2, 2)}
			next := 0
			task.Metrics = func(context.Context) (map[string]float64, error) {
				next++
				return map[string]float64{"rouge1": -figures[next-1]}, nil
			}
			var log recorder
			output := t.TempDir()
			result, err := train.Fit(t.Context(), task, d.config(output), log.hook)
			if err != nil {
				t.Fatal(err)
			}
			d.check(t, result, log, names(t, output))
		})
	}
}

func (d decision) check(t *testing.T, result *train.Result, log recorder, kept []string) {
	t.Helper()
	var evaluated []int
	for _, e := range log.evaluated {
		evaluated = append(evaluated, e.step)
	}
	if result.Steps != d.Steps || !slices.Equal(evaluated, d.Evaluated) {
		t.Errorf("%d steps, evaluated after %v; Trainer %d, %v", result.Steps, evaluated, d.Steps, d.Evaluated)
	}
	if early := d.Steps < 72 && d.Arguments.MaxSteps == 0; result.Early != early {
		t.Errorf("ended early: %v, Trainer %v", result.Early, early)
	}
	var want []string
	for _, step := range d.Kept {
		want = append(want, strconv.Itoa(step))
	}
	if !slices.Equal(kept, want) {
		t.Errorf("checkpoints %v, Trainer's %v", kept, want)
	}
	if d.Best == nil {
		return
	}
	near(t, "best metric", 0, result.BestMetric, *d.BestMetric)
	// Trainer names the best model's folder also where it has not saved one.
	if best := filepath.Base(result.Best); best != *d.Best && !(result.Best == "" && !slices.Contains(want, (*d.Best)[len("checkpoint-"):])) {
		t.Errorf("the best is %q, Trainer's %q", best, *d.Best)
	}
}

// TestAnEarlyEndIsLoggedWhereEpochsAre has the steps since the last epoch in a curve that gets a point an epoch, as Trainer's has.
func TestAnEarlyEndIsLoggedWhereEpochsAre(t *testing.T) {
	cfg := train.Config{Epochs: 4, BatchSize: 1, LearningRate: 0.1, LogEvery: train.Epoch, EvalEvery: 3, Patience: 2}
	task := train.Task[points]{Model: newScripted(t, 4, 3, 5, 6), Training: curve(7, 1), Validation: curve(1, 2)}
	var log recorder
	result, err := train.Fit(t.Context(), task, cfg, log.hook)
	if err != nil || !result.Early || result.Steps != 12 {
		t.Fatalf("%+v, %v; want an early end at step 12", result, err)
	}
	if len(log.logged) != 2 || log.logged[0].step != 7 || log.logged[1].step != 12 || !(log.logged[1].gradNorm > 0) {
		t.Errorf("logged %+v, want steps 7 and 12", log.logged)
	}
}

func TestPatienceOutlivesAnInterruption(t *testing.T) {
	figures := []float64{4, 3, 3.5, 3.4, 3.3, 3.2, 3.1}
	cfg := train.Config{Epochs: 7, BatchSize: 8, LearningRate: 0.1, Output: t.TempDir(), SaveLimit: 2, Patience: 3}
	// Interrupted after the third evaluation, before its checkpoint.
	ctx, cancel := context.WithCancel(t.Context())
	first := train.Task[points]{Model: newScripted(t, figures...), Training: curve(8, 1), Validation: curve(4, 2)}
	_, err := train.Fit(ctx, first, cfg, eventHook(func(e train.Event) error {
		if e, ok := e.(train.Evaluated); ok && e.Step == 3 {
			cancel()
		}
		return nil
	}))
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	cfg.Resume = train.Latest
	rest := train.Task[points]{Model: newScripted(t, figures[3:]...), Training: curve(8, 1), Validation: curve(4, 2)}
	result, err := train.Fit(t.Context(), rest, cfg)
	if err != nil || !result.Early || result.Steps != 5 || result.BestMetric != 3 || filepath.Base(result.Best) != checkpoint(2) {
		t.Errorf("%+v, %v; want an early end at step 5 with the best of step 2", result, err)
	}
}
