package summarize_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"paperlab/lib/summarize"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// TestAT5GoesOnBitByBit trains 40 steps with dropout, and again 17 of them, an interruption, and the other 23 with a model that was loaded
// anew.
func TestAT5GoesOnBitByBit(t *testing.T) {
	for _, precision := range []tensor.DType{tensor.Float32, tensor.BFloat16} {
		for _, kernels := range []bool{true, false} {
			t.Run(fmt.Sprintf("%v, kernels %v", precision, kernels), func(t *testing.T) {
				defer tensor.SetKernels(tensor.SetKernels(kernels))
				want := fortySteps(t, precision, 0)
				got := fortySteps(t, precision, 17)
				for _, name := range slices.Sorted(maps.Keys(want)) {
					if !slices.Equal(got[name], want[name]) {
						t.Errorf("%s differs", name)
					}
				}
			})
		}
	}
}

// fortySteps trains a new model, interrupted after a step if it is not 0, and returns its weights and losses.
func fortySteps(t *testing.T, precision tensor.DType, interrupted int) map[string][]float32 {
	t.Helper()
	config := train.Config{
		MaxSteps: 40, BatchSize: 3, Accumulation: 2, LearningRate: 1e-2, WarmupSteps: 4, WeightDecay: 0.1, MaxGradNorm: 1, Seed: 7, Output: t.TempDir(),
	}
	all := map[string][]float32{}
	fit := func(ctx context.Context, stop context.CancelFunc) (*summarize.Model, error) {
		m := small(t)
		m.Precision = precision
		_, err := m.Train(ctx, examples(t, m, 26), examples(t, m, 4), config, func(_ context.Context, e train.Event) error {
			switch e := e.(type) {
			case train.Step:
				all["losses"] = append(all["losses"], float32(e.Loss))
				if e.Step == interrupted {
					stop()
				}
			case train.Evaluated:
				all["validation losses"] = append(all["validation losses"], float32(e.Loss))
			}
			return nil
		})
		return m, err
	}
	if interrupted > 0 {
		ctx, cancel := context.WithCancel(t.Context())
		if _, err := fit(ctx, cancel); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		config.Resume = train.Latest
	}
	interrupted = 0
	m, err := fit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range m.Parameters().Specs() {
		if all[spec.Name], err = m.Parameters().Get(spec.Name).Float32s(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}
