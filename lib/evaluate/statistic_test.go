package evaluate_test

import (
	"context"
	"math"
	"testing"

	"paperlab/lib/evaluate"
)

func TestTheIntervalOfAStatisticIsThatOfTheMeanWhereItIsTheMean(t *testing.T) {
	values := []float64{1, 2, 4, 8, 16, 32}
	b := evaluate.Bootstrap{Seed: 7}
	want, err := b.Mean(t.Context(), values)
	if err != nil {
		t.Fatal(err)
	}
	got, err := b.Statistic(t.Context(), len(values), func(drawn []int) float64 {
		sum := 0.0
		for _, i := range drawn {
			sum += values[i]
		}
		return sum / float64(len(drawn))
	})
	if err != nil || math.Abs(got.Mean-want.Mean)+math.Abs(got.Low-want.Low)+math.Abs(got.High-want.High) > 1e-9 {
		t.Errorf("got %+v (%v), want %+v", got, err, want)
	}
}

func TestAStatisticOfNothingIsRefused(t *testing.T) {
	one := func([]int) float64 { return 1 }
	if _, err := (evaluate.Bootstrap{}).Statistic(t.Context(), 0, one); err == nil {
		t.Error("no observations: no error")
	}
	if _, err := (evaluate.Bootstrap{}).Statistic(t.Context(), 3, func([]int) float64 { return math.NaN() }); err == nil {
		t.Error("no figure: no error")
	}
	// The range of two observations is no figure of a draw that has one of them twice.
	values := []float64{1, 3}
	got, err := (evaluate.Bootstrap{}).Statistic(t.Context(), 2, func(drawn []int) float64 { return 1 / math.Abs(values[drawn[0]]-values[drawn[1]]) })
	if want := (evaluate.Interval{Mean: 0.5, Low: 0.5, High: 0.5}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (evaluate.Bootstrap{}).Statistic(ctx, 3, one); err == nil {
		t.Error("canceled: no error")
	}
}
