package sentence_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"paperlab/lib/sentence"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// TestARankingGoesOnBitByBit trains 20 steps with dropout in batches without duplicates, and again 9 of them, an interruption, and the
// other 11 with a model that was loaded anew; of whole batches and of mini-batches, whose second pass repeats the dropout of the first.
func TestARankingGoesOnBitByBit(t *testing.T) {
	for _, precision := range []tensor.DType{tensor.Float32, tensor.BFloat16} {
		for _, mini := range []int{0, 2} {
			t.Run(fmt.Sprintf("%v, mini-batches of %d", precision, mini), func(t *testing.T) {
				want, got := twentySteps(t, precision, mini, 0), twentySteps(t, precision, mini, 9)
				for _, name := range slices.Sorted(maps.Keys(want)) {
					if !slices.Equal(got[name], want[name]) {
						t.Errorf("%s differs", name)
					}
				}
			})
		}
	}
}

// twentySteps trains a new model, interrupted after a step if it is not 0, and returns its weights and losses.
func twentySteps(t *testing.T, precision tensor.DType, mini, interrupted int) map[string][]float32 {
	t.Helper()
	config := train.Config{
		MaxSteps: 20, BatchSize: 3, EvalBatchSize: 3, Accumulation: 1, LearningRate: 1e-2, WarmupSteps: 4, WeightDecay: 0.1, MaxGradNorm: 1, Seed: 7,
		Precision: precision, Output: t.TempDir(),
	}
	all := map[string][]float32{}
	fit := func(ctx context.Context, stop context.CancelFunc) (*sentence.Model, error) {
		m := withDropout(t, 0.2)
		texts := goldenTexts(t)
		training, err := m.Pairs(t.Context(), texts[:7], texts[7:14])
		if err != nil {
			return m, err
		}
		validation, err := m.Pairs(t.Context(), texts[14:16], texts[16:18])
		if err != nil {
			return m, err
		}
		task := sentence.Ranking{Model: m, Scale: 20, MiniBatch: mini}.Task(training, validation)
		task.Order = training.Distinct(config.BatchSize, config.Seed)
		_, err = train.Fit(ctx, task, config, func(_ context.Context, e train.Event) error {
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
