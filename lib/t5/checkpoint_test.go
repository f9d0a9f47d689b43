package t5_test

import (
	"fmt"
	"testing"

	"paperlab/lib/nn/nntest"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

func TestCheckpointingKeepsLessAndGivesTheSameGradients(t *testing.T) {
	for _, kernels := range []bool{true, false} {
		for _, precision := range []tensor.DType{tensor.Float32, tensor.BFloat16} {
			t.Run(fmt.Sprintf("kernels %v, %v", kernels, precision), func(t *testing.T) {
				defer tensor.SetKernels(tensor.SetKernels(kernels))
				wantLoss, want, all := trained(t, false, precision)
				gotLoss, got, kept := trained(t, true, precision)
				if gotLoss != wantLoss {
					t.Errorf("loss %v, without checkpointing %v", gotLoss, wantLoss)
				}
				tolerance := 1e-6
				if precision == tensor.BFloat16 {
					tolerance = 1e-2 // what several blocks share adds up its gradients in another order, rounded to 8 bits each time
				}
				if d := nntest.Distance(got, want); !(d <= tolerance) {
					t.Errorf("gradients are off by %.2g of their length", d)
				}
				if kept >= all/2 {
					t.Errorf("%d tensors are kept, without checkpointing %d", kept, all)
				}
			})
		}
	}
}

// trained returns loss and gradients of a batch with dropout, from the same generator each time, and how many tensors were kept between
// the passes.
func trained(t *testing.T, checkpointing bool, precision tensor.DType) (loss float64, gradients []float32, kept int) {
	t.Helper()
	m, s := load(t, "testdata/gated"), nntest.NewScope(t)
	m.Checkpointing, s.Training = checkpointing, true
	random, err := tensor.HoldRandom(t.Name(), tensor.CPU)
	if err != nil {
		t.Fatal(err)
	}
	defer random.Release()
	if err := random.Seed(5); err != nil {
		t.Fatal(err)
	}
	batch := goldenBatch(openGolden(t, "gated"), s)
	err = tensor.Autocast(tensor.CPU, precision, func() error {
		out := m.Loss(s, batch)
		if s.Err() != nil {
			return s.Err()
		}
		kept = s.Len()
		if loss, err = out.Item(); err != nil {
			return err
		}
		return tensor.Backward(out)
	})
	if err != nil {
		t.Fatal(err)
	}
	_, grads := m.Parameters().Flat()
	return loss, nntest.Float32s(t, s, grads), kept
}

func TestAFailureInABlockIsTheScopesError(t *testing.T) {
	m, s := load(t, "testdata/gated"), nntest.NewScope(t)
	m.Checkpointing, s.Training = true, true
	ids, mask := s.Zeros(tensor.Int64, 2, 5), s.Zeros(tensor.Float32, 2, 4)
	if m.Loss(s, t5.Batch{InputIDs: ids, AttentionMask: mask, Labels: ids}); s.Err() == nil {
		t.Error("a mask of another length was accepted")
	}
}
