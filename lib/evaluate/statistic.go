package evaluate

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Statistic returns the interval of any figure of n observations, such as a correlation, which is no mean: of is given the
// numbers of those drawn, and once all of them in order. It fails as Mean does, where of gives no finite figure, too.
func (b Bootstrap) Statistic(ctx context.Context, n int, of func(drawn []int) float64) (Interval, error) {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	whole := of(all)
	b, err := b.checked(slices.Repeat([][]float64{{whole}}, n))
	if err != nil {
		return Interval{}, err
	}
	rng := rand.New(rand.NewPCG(b.Seed, 0))
	figures := make([]float64, b.Resamples)
	drawn := make([]int, n)
	for i := range figures {
		if ctx.Err() != nil {
			return Interval{}, fmt.Errorf("evaluate: bootstrap of %d observations: %w", n, context.Cause(ctx))
		}
		for j := range drawn {
			drawn[j] = rng.IntN(n)
		}
		figures[i] = of(drawn)
	}
	slices.Sort(figures)
	tail := (1 - b.Confidence) / 2
	return Interval{Mean: whole, Low: percentile(figures, tail), High: percentile(figures, 1-tail)}, nil
}
