package train_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

func TestHooksAreToldEverythingInOrder(t *testing.T) {
	short, _ := task(t)
	short.Final = func(context.Context) (map[string]float64, error) { return map[string]float64{"test/loss": 1}, nil }
	cfg := forty(t.TempDir())
	cfg.MaxSteps = 7
	var log recorder
	result, err := train.Fit(t.Context(), short, cfg, log.hook)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range log.events {
		names = append(names, strings.TrimPrefix(fmt.Sprintf("%T", e), "train."))
	}
	want := "Started Step Step Step Logged Step Step Evaluated Saved Step Logged Step Evaluated Saved Measured Finished"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("events\n%s, want\n%s", got, want)
	}
	if s := log.started; s.Steps != 7 || s.Step != 0 || s.Examples != 26 || s.Resumed != "" {
		t.Errorf("started with %+v", s)
	}
	if !reflect.DeepEqual(log.finished.Result, *result) || log.finished.Err != nil {
		t.Errorf("finished with %+v, Fit returned %+v", log.finished, result)
	}
	if result.Steps != 7 || result.Metrics["test/loss"] != 1 || filepath.Base(result.Checkpoint) != "checkpoint-7" {
		t.Errorf("result %+v", result)
	}
	if epoch := 1 + 4.0/9; math.Abs(result.Epoch-epoch) > 1e-12 {
		t.Errorf("epoch %v, want %v", result.Epoch, epoch)
	}
	if mean := average(log.losses); math.Abs(result.Loss-mean) > 1e-12 {
		t.Errorf("training loss %v, the steps' mean is %v", result.Loss, mean)
	}
	if first, want := log.evaluated[1].trainingLoss, average(log.losses[5:]); math.Abs(first-want) > 1e-12 {
		t.Errorf("the second epoch's training loss is %v, its steps' mean is %v", first, want)
	}
}

func average(values []float64) float64 {
	var sum float64
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

func TestTheBestModelIsLoadedAtTheEnd(t *testing.T) {
	for name, output := range map[string]string{"from its checkpoint": t.TempDir(), "never without checkpoints": ""} {
		t.Run(name, func(t *testing.T) {
			m := newScripted(t, 3, 1, 2)
			var atBest []float32
			look := func(_ context.Context, e train.Event) error {
				if evaluated, ok := e.(train.Evaluated); ok && evaluated.Best {
					atBest = m.values(t)
				}
				return nil
			}
			cfg := train.Config{Epochs: 3, BatchSize: 8, LearningRate: 0.1, Output: output}
			task := train.Task[points]{Model: m, Training: curve(8, 1), Validation: curve(4, 2)}
			result, err := train.Fit(t.Context(), task, cfg, look)
			if err != nil {
				t.Fatal(err)
			}
			if result.BestLoss != 1 || output != "" && filepath.Base(result.Best) != "checkpoint-2" {
				t.Errorf("best loss %v in %q, want 1 in checkpoint-2", result.BestLoss, result.Best)
			}
			if loaded := slices.Equal(m.values(t), atBest); loaded != (output != "") {
				t.Errorf("the best weights are loaded: %v", loaded)
			}
		})
	}
}

func TestALossThatIsNaNIsLoggedAndTheWeightsStay(t *testing.T) {
	data := curve(12, 1)
	data.y[5][0] = float32(math.NaN())
	m := newMLP(t, 0)
	cfg := train.Config{Epochs: 1, BatchSize: 2, LearningRate: 0.01, MaxGradNorm: 1, LogEvery: 1}
	var log recorder
	inOrder := func(_, n int) []int { return upTo(n) }
	if _, err := train.Fit(t.Context(), train.Task[points]{Model: m, Training: data, Order: inOrder}, cfg, log.hook); err != nil {
		t.Fatal(err)
	}
	for i, l := range log.logged {
		if bad := i == 2; math.IsNaN(l.loss) != bad || math.IsNaN(l.gradNorm) != bad {
			t.Errorf("step %d: loss %v, gradient norm %v", l.step, l.loss, l.gradNorm)
		}
	}
	if slices.ContainsFunc(m.values(t), func(v float32) bool { return v != v }) {
		t.Error("the weights took NaN in")
	}
}

func upTo(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

func TestATrainingThatDivergesEndsWithItsLastGoodWeights(t *testing.T) {
	data := curve(40, 1)
	for i := range data.y {
		data.y[i][0] = float32(math.Inf(1))
	}
	m := newMLP(t, 0)
	before := m.values(t)
	var log recorder
	cfg := train.Config{Epochs: 9, BatchSize: 2, LearningRate: 0.01, LogEvery: 50, Output: t.TempDir()}
	result, err := train.Fit(t.Context(), train.Task[points]{Model: m, Training: data}, cfg, log.hook)
	if !errors.Is(err, train.ErrDiverged) || !errors.Is(log.finished.Err, train.ErrDiverged) {
		t.Fatalf("error %v", err)
	}
	if result.Steps != 10 || len(log.logged) != 1 || !slices.Equal(m.values(t), before) {
		t.Errorf("%d steps, logged %v; want 10 steps, one log, and the weights as they were", result.Steps, log.logged)
	}
}

func TestAHookThatFailsEndsTheTrainingAfterACheckpoint(t *testing.T) {
	broken := errors.New("the store is gone")
	for name, fails := range map[string]func(train.Event) bool{
		"at a step":        func(e train.Event) bool { s, ok := e.(train.Step); return ok && s.Step == 3 },
		"at a log":         func(e train.Event) bool { l, ok := e.(train.Logged); return ok && l.Step == 3 },
		"at every event":   func(train.Event) bool { return true },
		"at the very end":  func(e train.Event) bool { _, ok := e.(train.Finished); return ok },
		"at an evaluation": func(e train.Event) bool { _, ok := e.(train.Evaluated); return ok },
	} {
		t.Run(name, func(t *testing.T) {
			failing := func(_ context.Context, e train.Event) error {
				if fails(e) {
					return broken
				}
				return nil
			}
			short, _ := task(t)
			cfg := forty(t.TempDir())
			cfg.MaxSteps = 10
			var before, after recorder
			result, err := train.Fit(t.Context(), short, cfg, before.hook, failing, after.hook)
			if !errors.Is(err, broken) || !strings.Contains(err.Error(), "hook 2 of 3") {
				t.Fatalf("error %v", err)
			}
			for _, r := range []recorder{before, after} {
				if last, ok := r.events[len(r.events)-1].(train.Finished); !ok || last.Result.Steps != result.Steps {
					t.Errorf("the last event is %+v, want Finished after %d steps", r.events[len(r.events)-1], result.Steps)
				}
			}
			if result.Steps > 0 && filepath.Base(result.Checkpoint) != checkpoint(result.Steps) {
				t.Errorf("after %d steps the newest checkpoint is %q", result.Steps, result.Checkpoint)
			}
		})
	}
}

func TestWhatCannotBeTrainedIsRefused(t *testing.T) {
	broken := errors.New("no such example")
	cases := map[string]struct {
		change func(task *train.Task[points], cfg *train.Config)
		want   string
	}{
		"no model":                 {func(task *train.Task[points], _ *train.Config) { task.Model = nil }, "no model"},
		"no examples":              {func(task *train.Task[points], _ *train.Config) { task.Training = curve(0, 1) }, "no examples"},
		"no validation examples":   {func(task *train.Task[points], _ *train.Config) { task.Validation = curve(0, 1) }, "no examples"},
		"no epochs":                {func(_ *train.Task[points], cfg *train.Config) { cfg.MaxSteps = 0 }, "0 epochs"},
		"a batch of nothing":       {func(_ *train.Task[points], cfg *train.Config) { cfg.BatchSize = 0 }, "batch size 0"},
		"a negative number":        {func(_ *train.Task[points], cfg *train.Config) { cfg.SaveLimit = -1 }, "checkpoint limit -1 is negative"},
		"a learning rate of zero":  {func(_ *train.Task[points], cfg *train.Config) { cfg.LearningRate = 0 }, "learning rate 0"},
		"a learning rate of NaN":   {func(_ *train.Task[points], cfg *train.Config) { cfg.LearningRate = math.NaN() }, "learning rate NaN"},
		"decay that grows":         {func(_ *train.Task[points], cfg *train.Config) { cfg.WeightDecay = -0.1 }, "weight decay -0.1"},
		"a precision that is none": {func(_ *train.Task[points], cfg *train.Config) { cfg.Precision = tensor.Int64 }, "precision int64"},
		"an order with a repeat": {func(task *train.Task[points], _ *train.Config) {
			task.Order = func(_, n int) []int { return make([]int, n) }
		}, "comes twice"},
		"an order that is short": {func(task *train.Task[points], _ *train.Config) {
			task.Order = func(_, n int) []int { return upTo(n - 1) }
		}, "25 of 26"},
		"a batch that fails":       {func(task *train.Task[points], _ *train.Config) { task.Training = failing{curve(26, 1), broken} }, "no such example"},
		"a folder that is a file":  {func(_ *train.Task[points], cfg *train.Config) { cfg.Output = "fit_test.go" }, "fit_test.go"},
		"a measurement that fails": {func(task *train.Task[points], _ *train.Config) { task.Final = measuring(broken) }, "no such example"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			bad, _ := task(t)
			cfg := forty(t.TempDir())
			cfg.MaxSteps = 5
			c.change(&bad, &cfg)
			var log recorder
			_, err := train.Fit(t.Context(), bad, cfg, log.hook)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
			if log.finished.Err == nil {
				t.Error("the hook was not told that it finished with an error")
			}
		})
	}
}

// failing is a data set whose batches cannot be read.
type failing struct {
	*examples
	err error
}

func (f failing) Batch(s *tensor.Scope, _ []int) points {
	s.Fail(f.err)
	return points{}
}

func measuring(err error) func(context.Context) (map[string]float64, error) {
	return func(context.Context) (map[string]float64, error) { return nil, err }
}

func TestAMeasurementMayBeOfNothing(t *testing.T) {
	short, _ := task(t)
	short.Final = measuring(nil)
	var log recorder
	cfg := forty("")
	cfg.MaxSteps = 2
	if _, err := train.Fit(t.Context(), short, cfg, log.hook); err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(log.events, func(e train.Event) bool { _, ok := e.(train.Measured); return ok }) {
		t.Error("the hook was told of a measurement of nothing")
	}
}

func TestOneTrainingAtATime(t *testing.T) {
	outer, _ := task(t)
	inner, _ := task(t)
	var second error
	_, err := train.Fit(t.Context(), outer, forty(""), func(_ context.Context, e train.Event) error {
		if _, ok := e.(train.Started); ok {
			_, second = train.Fit(t.Context(), inner, forty(""))
		}
		return nil
	})
	if err != nil || !errors.Is(second, tensor.ErrRandomHeld) {
		t.Errorf("the first: %v; the second: %v", err, second)
	}
}

func TestTheSeedDecidesEverything(t *testing.T) {
	weights := func(seed int64) []float32 {
		again, m := task(t)
		cfg := forty("")
		cfg.Seed = seed
		if _, err := train.Fit(t.Context(), again, cfg); err != nil {
			t.Fatal(err)
		}
		return m.values(t)
	}
	if !slices.Equal(weights(1), weights(1)) {
		t.Error("one seed gave two trainings")
	}
	if slices.Equal(weights(1), weights(2)) {
		t.Error("two seeds gave one training")
	}
}

func TestMemoryStaysFlat(t *testing.T) {
	work := train.Task[points]{Model: newMLP(t, 0.1), Training: curve(64, 1)}
	var first, last float64
	cfg := train.Config{MaxSteps: 4000, BatchSize: 8, LearningRate: 1e-3, MaxGradNorm: 1, LogEvery: 1000}
	_, err := train.Fit(t.Context(), work, cfg, func(_ context.Context, e train.Event) error {
		if l, ok := e.(train.Logged); ok {
			if last = l.MemoryMB; first == 0 {
				first = last
			}
		}
		return nil
	})
	if err != nil || !(last-first < 16) {
		t.Errorf("%v: 3000 steps took the process from %.0f to %.0f MB", err, first, last)
	}
}

func TestStepsAreCountedAsTrainerDoes(t *testing.T) {
	for name, c := range map[string]struct {
		examples int
		cfg      train.Config
		want     int
	}{
		"the study":                          {2000, train.Config{Epochs: 10, BatchSize: 4, Accumulation: 4, LearningRate: 1}, 1250},
		"a short group is not counted":       {26, train.Config{Epochs: 3, BatchSize: 3, Accumulation: 2, LearningRate: 1}, 12},
		"fewer batches than an accumulation": {5, train.Config{Epochs: 3, BatchSize: 2, Accumulation: 8, LearningRate: 1}, 3},
		"a number of steps wins":             {26, train.Config{Epochs: 3, BatchSize: 3, LearningRate: 1, MaxSteps: 100}, 100},
	} {
		if got, err := c.cfg.Steps(c.examples); err != nil || got != c.want {
			t.Errorf("%s: %d steps, %v; want %d", name, got, err, c.want)
		}
	}
}

func TestParamsAreNamedAsInJSON(t *testing.T) {
	params := train.Config{BatchSize: 3, LearningRate: 5e-5}.Params()
	if params["batch_size"] != 3 || params["eval_batch_size"] != 3 || params["learning_rate"] != 5e-5 || params["precision"] != tensor.Float32 {
		t.Errorf("parameters %v", params)
	}
}
