package main

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"time"

	"paperlab/lib/bench/table"
	"paperlab/lib/sentence"
	"paperlab/lib/sentence/loss"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// t5Step trains on batches of 4 texts, 4 of which make a step. The answer is the validation loss after all steps.
func t5Step(precision tensor.DType) func(context.Context, string) (table.Sample, error) {
	return func(ctx context.Context, folder string) (sample table.Sample, err error) {
		all, err := readLines[example](filepath.Join(folder, string(t5Examples)))
		if err != nil {
			return sample, err
		}
		model, err := t5.Load(filepath.Join(folder, string(t5Weights)), tensor.CPU)
		if err != nil {
			return sample, err
		}
		defer model.Close()
		training, err := dataset(all[:16], model.Config())
		if err != nil {
			return sample, err
		}
		validation, err := dataset(all[16:], model.Config())
		if err != nil {
			return sample, err
		}
		cfg := train.Config{BatchSize: 4, Accumulation: 4, LearningRate: 5e-5, WeightDecay: 0.01, MaxGradNorm: 1, Precision: precision}
		return fit(ctx, train.Task[t5.Batch]{Model: model, Training: training}, cfg, validation)
	}
}

func dataset(examples []example, config t5.Config) (*t5.Examples, error) {
	inputs, labels := make([][]int, len(examples)), make([][]int, len(examples))
	for i, e := range examples {
		inputs[i], labels[i] = e.InputIDs, e.Labels
	}
	return t5.NewExamples(inputs, labels, int(config.PadTokenID))
}

// rankingStep trains on 20 pairs a step. The answer is their loss after all steps.
func rankingStep(precision tensor.DType) func(context.Context, string) (table.Sample, error) {
	return func(ctx context.Context, folder string) (sample table.Sample, err error) {
		const size = 20
		all, err := readLines[string](filepath.Join(folder, string(texts)))
		if err != nil {
			return sample, err
		}
		model, err := sentence.Load(filepath.Join(folder, string(miniLM)), tensor.CPU)
		if err != nil {
			return sample, err
		}
		defer model.Close()
		data, err := model.Pairs(ctx, all[:size], all[size:2*size])
		if err != nil {
			return sample, err
		}
		task := train.Task[sentence.Batch]{Model: sentence.Ranking{Model: model, Scale: loss.Scale}, Training: data}
		cfg := train.Config{BatchSize: size, LearningRate: 2e-5, WeightDecay: 0.01, MaxGradNorm: 1, Precision: precision}
		return fit(ctx, task, cfg, data)
	}
}

var errEnough = errors.New("enough steps")

// fit times steps of a training as users have it, the first to warm up, and evaluates the model after them. The peers' scripts
// take as many steps at a constant learning rate; here it falls by a thousandth a step.
func fit[B any](ctx context.Context, task train.Task[B], cfg train.Config, validation train.Dataset[B]) (sample table.Sample, err error) {
	const steps = 3
	cfg.MaxSteps, cfg.Seed = 1000, seed
	var begin time.Time
	fastest := time.Duration(math.MaxInt64)
	clock := func(_ context.Context, e train.Event) error {
		step, ok := e.(train.Step)
		if !ok {
			return nil
		}
		now := time.Now()
		if step.Step > 1 {
			fastest = min(fastest, now.Sub(begin))
		}
		if begin = now; step.Step == steps {
			return errEnough
		}
		return nil
	}
	if _, err := train.Fit(ctx, task, cfg, clock); !errors.Is(err, errEnough) {
		return sample, err
	}
	after, err := train.Evaluate(ctx, task.Model, validation, cfg.BatchSize, tensor.Float32)
	return table.Sample{Seconds: fastest.Seconds(), Answer: []float64{after.Loss}}, err
}
