package evaluate_test

import (
	"math"
	"testing"

	"paperlab/lib/evaluate"
)

func TestDescribe(t *testing.T) {
	got := evaluate.Describe([]int{4, 1, 3, 2})
	want := evaluate.Distribution{Count: 4, Mean: 2.5, StdDev: math.Sqrt(1.25), Min: 1, Median: 2.5, P95: 3.85, Max: 4}
	if math.Abs(got.P95-want.P95) > 1e-12 {
		t.Errorf("P95 = %v, want %v", got.P95, want.P95)
	}
	got.P95 = want.P95
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := evaluate.Describe(nil); got != (evaluate.Distribution{}) {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestMeasureLengths(t *testing.T) {
	got := evaluate.MeasureLengths([]string{"Größe zählt. See Fig. 3.", ""})
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"characters of the longest", got.Characters.Max, 24},
		{"words of the longest", got.Words.Max, 5},
		{"sentences of the longest", got.Sentences.Max, 2},
		{"sentences of the shortest", got.Sentences.Min, 0},
		{"words in the mean", got.Words.Mean, 2.5},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}
