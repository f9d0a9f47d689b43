package train_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// golden is what testdata/make_golden.py saw Trainer do.
type golden struct {
	X, Y       []float32
	Orders     [][]int
	Start, End map[string][]float32
	Losses     []float64
	UsedRates  []float64 `json:"used_rates"`
	Logged     []struct {
		Step         int
		Epoch        float64
		GradNorm     float64 `json:"grad_norm"`
		LearningRate float64 `json:"learning_rate"`
	}
	Evaluated []struct {
		Step  int
		Epoch float64
		Loss  float64 `json:"eval_loss"`
	}
	TrainLoss float64 `json:"train_loss"`
}

func readGolden(t *testing.T) golden {
	t.Helper()
	data, err := os.ReadFile("testdata/trainer.json")
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// data cuts examples out of the golden's rows.
func (g golden) data(from, to int) *examples {
	e := &examples{}
	for i := from; i < to; i++ {
		e.x, e.y = append(e.x, g.X[i*inputs:(i+1)*inputs]), append(e.y, g.Y[i*outputs:(i+1)*outputs])
	}
	return e
}

// trainers is what the goldens' trainings have in common.
var trainers = train.Config{
	Epochs: 20, BatchSize: 3, EvalBatchSize: 4, Accumulation: 4, LearningRate: 0.02, WeightDecay: 0.1, MaxGradNorm: 0.8,
}

// task trains the golden's model on its data in its order.
func (g golden) task(t *testing.T) train.Task[points] {
	t.Helper()
	m := newMLP(t, 0)
	err := m.parameters.Init(func(s *tensor.Scope, spec nn.Spec, value *tensor.Tensor) {
		s.Copy(value, s.FromFloat32s(g.Start[spec.Name], spec.Shape...))
	})
	if err != nil {
		t.Fatal(err)
	}
	return train.Task[points]{
		Model: m, Training: g.data(0, 43), Validation: g.data(43, 53), Order: func(epoch, _ int) []int { return g.Orders[epoch] },
	}
}

func TestATrainingEqualsTrainers(t *testing.T) {
	g := readGolden(t)
	task, cfg := g.task(t), trainers
	cfg.WarmupSteps, cfg.LogEvery = 6, 1
	var got recorder
	result, err := train.Fit(t.Context(), task, cfg, got.hook)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.logged) != len(g.Logged) || len(got.evaluated) != len(g.Evaluated) {
		t.Fatalf("%d steps and %d evaluations, Trainer's %d and %d", len(got.logged), len(got.evaluated), len(g.Logged), len(g.Evaluated))
	}
	for i, want := range g.Logged {
		l := got.logged[i]
		near(t, "loss", i, l.loss, g.Losses[i])
		near(t, "gradient norm", i, l.gradNorm, want.GradNorm)
		near(t, "learning rate", i, l.rate, want.LearningRate)
		near(t, "epoch", i, l.epoch, want.Epoch)
		near(t, "learning rate of the step", i, got.rates[i], g.UsedRates[i])
	}
	for i, want := range g.Evaluated {
		e := got.evaluated[i]
		if e.step != want.Step {
			t.Errorf("evaluation %d came after step %d, Trainer's after %d", i, e.step, want.Step)
		}
		near(t, "evaluation loss", i, e.loss, want.Loss)
		near(t, "evaluation epoch", i, e.epoch, want.Epoch)
	}
	near(t, "training loss", 0, result.Loss, g.TrainLoss)
	for name, want := range g.End {
		values, err := task.Model.Parameters().Get(name).Float32s()
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			near(t, name, i, float64(values[i]), float64(want[i]))
		}
	}
}

// near checks the tolerance of 1e-4 relative.
func near(t *testing.T, what string, i int, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-4*math.Abs(want)+1e-9 {
		t.Errorf("%s %d is %v, Trainer's %v", what, i, got, want)
	}
}
