package main

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"path/filepath"

	"paperlab/lib/bench/table"
	"paperlab/lib/npy"
	"paperlab/lib/vector"
	"paperlab/lib/vector/faiss"
)

// dim is the number of components of MiniLM's vectors.
const dim = 384

// directions are n random vectors of length 1.
func directions(random *rand.Rand, n int) []float32 {
	vectors := make([]float32, n*dim)
	for row := range n {
		v := vectors[row*dim : (row+1)*dim]
		square := 0.0
		for i := range v {
			x := random.NormFloat64()
			v[i], square = float32(x), square+x*x
		}
		for i := range v {
			v[i] /= float32(math.Sqrt(square))
		}
	}
	return vectors
}

func makeIndex(ctx context.Context, path string, n int) (err error) {
	index, err := faiss.New(vector.Spec{Dim: dim}, "Flat")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, index.Close()) }()
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = int64(i)
	}
	if err := index.Add(ctx, ids, directions(newRandom(), n)); err != nil {
		return err
	}
	return index.Write(path, "")
}

func makeQuestions(_ context.Context, path string) (err error) {
	file, err := npy.Grow(path, dim, "random directions")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := file.Append(directions(rand.New(rand.NewPCG(seed, 1)), 256), ""); err != nil {
		return err
	}
	return file.Finish()
}

// neighbours finds the 10 nearest of so many questions at a time. The answer is the distances of the first eight questions' answers.
func neighbours(file input, together int) func(context.Context, string) (table.Sample, error) {
	return func(ctx context.Context, folder string) (sample table.Sample, err error) {
		const nearest, atLeast = 10, 64 // questions a round
		index, err := faiss.Read(filepath.Join(folder, string(file)))
		if err != nil {
			return sample, err
		}
		defer func() { err = errors.Join(err, index.Close()) }()
		asked, err := npy.Open(filepath.Join(folder, string(questions)))
		if err != nil {
			return sample, err
		}
		defer func() { err = errors.Join(err, asked.Close()) }()
		all, err := asked.Read(0, asked.Rows())
		if err != nil {
			return sample, err
		}
		count := max(atLeast, together)
		var found [][]vector.Neighbour
		sample.Seconds, err = best(ctx, 5, float64(count), func() error {
			found = found[:0]
			for first := 0; first < count; first += together {
				rows, err := index.Search(ctx, all[first*dim:(first+together)*dim], nearest)
				if err != nil {
					return err
				}
				found = append(found, rows...)
			}
			return nil
		})
		if err != nil {
			return sample, err
		}
		for _, row := range found[:8] {
			for _, n := range row {
				sample.Answer = append(sample.Answer, float64(n.Distance))
			}
		}
		return sample, nil
	}
}
