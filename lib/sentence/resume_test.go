package sentence_test

import (
	"context"
	"fmt"
	"testing"

	"paperlab/lib/nn"
	"paperlab/lib/sentence"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
	"paperlab/lib/train/traintest"
)

// TestARankingGoesOnBitByBit trains 20 steps with dropout in batches without duplicates, and again 9 of them, an interruption, and the
// other 11 with a model that was loaded anew; of whole batches and of mini-batches, whose second pass repeats the dropout of the first.
func TestARankingGoesOnBitByBit(t *testing.T) {
	for _, precision := range []tensor.DType{tensor.Float32, tensor.BFloat16} {
		for _, mini := range []int{0, 2} {
			t.Run(fmt.Sprintf("%v, mini-batches of %d", precision, mini), func(t *testing.T) {
				config := train.Config{
					MaxSteps: 20, BatchSize: 3, EvalBatchSize: 3, Accumulation: 1, LearningRate: 1e-2, WarmupSteps: 4, WeightDecay: 0.1,
					MaxGradNorm: 1, Seed: 7, Precision: precision,
				}
				traintest.GoesOn(t, 9, config, func(ctx context.Context, config train.Config, hook train.Hook) (*nn.Parameters, error) {
					return fitRanking(t, ctx, mini, config, hook)
				})
			})
		}
	}
}

func fitRanking(t *testing.T, ctx context.Context, mini int, config train.Config, hook train.Hook) (*nn.Parameters, error) {
	m := withDropout(t, 0.2)
	texts := goldenTexts(t)
	training, err := m.Pairs(t.Context(), texts[:7], texts[7:14])
	if err != nil {
		return nil, err
	}
	validation, err := m.Pairs(t.Context(), texts[14:16], texts[16:18])
	if err != nil {
		return nil, err
	}
	task := sentence.Ranking{Model: m, Scale: 20, MiniBatch: mini}.Task(training, validation)
	task.Order = training.Distinct(config.BatchSize, config.Seed)
	_, err = train.Fit(ctx, task, config, hook)
	return m.Parameters(), err
}
