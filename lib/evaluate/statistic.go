package evaluate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Statistic returns the interval of any figure of n observations, such as a correlation, which is no mean: of is given the
// numbers of those drawn, and once all of them in order. Draws that have no finite figure, such as the same observation n times, are
// left out. It fails as Mean does, and where all observations together have no finite figure.
func (b Bootstrap) Statistic(ctx context.Context, n int, of func(drawn []int) float64) (Interval, error) {
	b, err := b.checked(make([][]float64, n))
	if err != nil {
		return Interval{}, err
	}
	drawn := make([]int, n)
	for i := range drawn {
		drawn[i] = i
	}
	whole := of(drawn)
	if !finite(whole) {
		return Interval{}, fmt.Errorf("evaluate: the figure of %d observations is %v", n, whole)
	}
	rng := rand.New(rand.NewPCG(b.Seed, 0))
	var figures []float64
	for range b.Resamples {
		if ctx.Err() != nil {
			return Interval{}, fmt.Errorf("evaluate: bootstrap of %d observations: %w", n, context.Cause(ctx))
		}
		for j := range drawn {
			drawn[j] = rng.IntN(n)
		}
		if figure := of(drawn); finite(figure) {
			figures = append(figures, figure)
		}
	}
	if len(figures) == 0 { // then nothing is known but the figure itself
		figures = append(figures, whole)
	}
	slices.Sort(figures)
	tail := (1 - b.Confidence) / 2
	return Interval{Mean: whole, Low: percentile(figures, tail), High: percentile(figures, 1-tail)}, nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
