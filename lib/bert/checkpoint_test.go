package bert_test

import (
	"slices"
	"testing"

	"paperlab/lib/nn"
	"paperlab/lib/nn/nntest"
	"paperlab/lib/tensor"
)

func TestCheckpointingGivesTheSameGradients(t *testing.T) {
	gradients := func(checkpointing bool) []float32 {
		m, s := newModel(t, small, 1), nntest.NewScope(t)
		m.Checkpointing, s.Training = checkpointing, true
		random, err := tensor.HoldRandom(t.Name(), tensor.CPU)
		if err != nil {
			t.Fatal(err)
		}
		defer random.Release()
		if err := random.Seed(5); err != nil {
			t.Fatal(err)
		}
		ids, mask := nn.Pad(s, [][]int{{5, 6, 7}, {8, 9}}, 0)
		hidden := m.Forward(s, ids, mask, nil)
		loss := s.Sum(s.Mul(hidden, hidden))
		if s.Err() != nil {
			t.Fatal(s.Err())
		}
		if err := tensor.Backward(loss); err != nil {
			t.Fatal(err)
		}
		_, grads := m.Parameters().Flat()
		return nntest.Float32s(t, s, grads)
	}
	if !slices.Equal(gradients(true), gradients(false)) {
		t.Error("other gradients than without checkpointing")
	}
}
