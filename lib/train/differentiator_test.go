package train_test

import (
	"slices"
	"testing"

	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// twice is a model that computes its gradients itself, from two passes with the same dropout.
type twice struct {
	*mlp
	steps int
}

func (m *twice) Backward(s *tensor.Scope, b points, share float64, random *tensor.Random) (float64, error) {
	m.steps++
	before, err := random.State()
	if err != nil {
		return 0, err
	}
	m.Loss(s, b)
	if err := random.Restore(before); err != nil {
		return 0, err
	}
	loss := s.MulScalar(m.Loss(s, b), share)
	if s.Err() != nil {
		return 0, s.Err()
	}
	value, err := loss.Item()
	if err != nil {
		return 0, err
	}
	return value, tensor.Backward(loss)
}

func TestAModelMayComputeItsOwnGradients(t *testing.T) {
	cfg := train.Config{MaxSteps: 8, BatchSize: 4, Accumulation: 2, LearningRate: 0.01, LogEvery: 1}
	plain, own := newMLP(t, 0.3), &twice{mlp: newMLP(t, 0.3)}
	var want, got recorder
	if _, err := train.Fit(t.Context(), train.Task[points]{Model: plain, Training: curve(32, 1)}, cfg, want.hook); err != nil {
		t.Fatal(err)
	}
	if _, err := train.Fit(t.Context(), train.Task[points]{Model: own, Training: curve(32, 1)}, cfg, got.hook); err != nil {
		t.Fatal(err)
	}
	if own.steps != 16 {
		t.Errorf("asked %d times for gradients, want 16", own.steps)
	}
	if !slices.Equal(got.losses, want.losses) || !slices.Equal(own.values(t), plain.values(t)) {
		t.Errorf("losses %v, want %v", got.losses, want.losses)
	}
}
