package main

import (
	"context"
	"math"
	"path/filepath"

	"paperlab/lib/bench/table"
	"paperlab/lib/generate"
	"paperlab/lib/sentence"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

// beams searches as the study does, but always to the full length. The answer is the ids.
func beams(precision tensor.DType) func(context.Context, string) (table.Sample, error) {
	return func(ctx context.Context, folder string) (sample table.Sample, err error) {
		long, err := readLines[[]int](filepath.Join(folder, string(longText)))
		if err != nil {
			return sample, err
		}
		model, err := t5.Load(filepath.Join(folder, string(t5Weights)), tensor.CPU)
		if err != nil {
			return sample, err
		}
		defer model.Close()
		cfg := generate.Study()
		cfg.MinLength = cfg.MaxLength
		var out []generate.Sequence
		sample.Seconds, err = best(ctx, 1, float64(cfg.MaxLength-1), func() error {
			return tensor.Autocast(tensor.CPU, precision, func() (err error) {
				out, err = generate.Generate(ctx, model, long, cfg)
				return err
			})
		})
		if err != nil {
			return sample, err
		}
		for _, id := range out[0].IDs {
			sample.Answer = append(sample.Answer, float64(id))
		}
		return sample, nil
	}
}

// encode embeds the texts of a file. The answer is the sum of the absolute values of each of the first embeddings.
func encode(file input, precision tensor.DType, rounds int) func(context.Context, string) (table.Sample, error) {
	return func(ctx context.Context, folder string) (sample table.Sample, err error) {
		all, err := readLines[string](filepath.Join(folder, string(file)))
		if err != nil {
			return sample, err
		}
		model, err := sentence.Load(filepath.Join(folder, string(miniLM)), tensor.CPU)
		if err != nil {
			return sample, err
		}
		defer model.Close()
		var vectors []float32
		sample.Seconds, err = best(ctx, rounds, float64(len(all)), func() (err error) {
			vectors, err = model.Encode(ctx, all, sentence.Options{BatchSize: 32, Precision: precision})
			return err
		})
		if err != nil {
			return sample, err
		}
		for i := range min(8, len(all)) {
			sum := 0.0
			for _, v := range vectors[i*model.Dim() : (i+1)*model.Dim()] {
				sum += math.Abs(float64(v))
			}
			sample.Answer = append(sample.Answer, sum)
		}
		return sample, nil
	}
}

// addition is one small operation.
func addition(ctx context.Context, _ string) (sample table.Sample, err error) {
	const additions, together = 100_000, 1000 // results are freed a thousand at a time
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	x := s.Full(1, tensor.Float32, 8)
	sample.Seconds, err = best(ctx, 5, additions, func() error {
		return tensor.NoGrad(func() error {
			for range additions / together {
				step := s.Child()
				for range together {
					step.Add(x, x)
				}
				s.Adopt(step)
			}
			return s.Err()
		})
	})
	return sample, err
}
