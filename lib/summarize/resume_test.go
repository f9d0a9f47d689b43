package summarize_test

import (
	"context"
	"fmt"
	"testing"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
	"paperlab/lib/train/traintest"
)

// TestAT5GoesOnBitByBit trains 40 steps with dropout, and again 17 of them, an interruption, and the other 23 with a model that was loaded
// anew.
func TestAT5GoesOnBitByBit(t *testing.T) {
	config := train.Config{
		MaxSteps: 40, BatchSize: 3, Accumulation: 2, LearningRate: 1e-2, WarmupSteps: 4, WeightDecay: 0.1, MaxGradNorm: 1, Seed: 7,
	}
	for _, precision := range []tensor.DType{tensor.Float32, tensor.BFloat16} {
		for _, kernels := range []bool{true, false} {
			t.Run(fmt.Sprintf("%v, kernels %v", precision, kernels), func(t *testing.T) {
				defer tensor.SetKernels(tensor.SetKernels(kernels))
				traintest.GoesOn(t, 17, config, func(ctx context.Context, config train.Config, hook train.Hook) (*nn.Parameters, error) {
					m := small(t)
					m.Precision = precision
					_, err := m.Train(ctx, examples(t, m, 26), examples(t, m, 4), config, hook)
					return m.Parameters(), err
				})
			})
		}
	}
}
