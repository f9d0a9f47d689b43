package plots_test

import (
	"math"
	"slices"
	"testing"

	"paperlab/plots"
)

// The reference is the definition: the weighted mean of all finite values so far, each weighing w times the next.
func TestSmoothIsTheWeightedMeanOfTheFiniteValuesSoFar(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, y := range map[string][]float64{
		"falling":         {4, 3, 2.5, 2.2, 2.1},
		"one":             {7},
		"with NaN":        {4, nan, 2, nan, nan, 1},
		"with infinities": {4, inf, 2, -inf, 1},
		"leading NaN":     {nan, 5, 6},
	} {
		for _, w := range []float64{0.1, 0.6, 0.9, 0.999} {
			got := plots.Smooth(y, w)
			for i, v := range y {
				want := v
				if !math.IsNaN(v) && !math.IsInf(v, 0) {
					want = weightedMean(y[:i+1], w)
				}
				if !(math.Abs(got[i]-want) <= 1e-12*math.Abs(want)) && !(math.IsNaN(want) && math.IsNaN(got[i])) && got[i] != want {
					t.Errorf("%s, weight %v: value %d is %v, want %v", name, w, i, got[i], want)
				}
			}
		}
	}
}

func weightedMean(y []float64, w float64) float64 {
	sum, weights, weight := 0.0, 0.0, 1.0
	for _, v := range slices.Backward(y) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		sum += weight * v
		weights += weight
		weight *= w
	}
	return sum / weights
}

func TestSmoothLeavesAsItIs(t *testing.T) {
	for name, c := range map[string]struct {
		y      []float64
		weight float64
	}{
		"a constant":            {[]float64{0.1, 0.1, 0.1}, 0.7},
		"anything at weight 0":  {[]float64{3, 1, 2}, 0},
		"anything at no weight": {[]float64{3, 1, 2}, math.NaN()},
		"anything below":        {[]float64{3, 1, 2}, -1},
		"nothing":               {nil, 0.5},
	} {
		if got := plots.Smooth(c.y, c.weight); !slices.Equal(got, c.y) {
			t.Errorf("%s: %v became %v", name, c.y, got)
		}
	}
	y := []float64{3, 1, 2}
	if plots.Smooth(y, 0.9); !slices.Equal(y, []float64{3, 1, 2}) {
		t.Errorf("the input changed to %v", y)
	}
}

func TestSmoothClampsItsWeight(t *testing.T) {
	y := []float64{3, 1, 2}
	if got, want := plots.Smooth(y, 5), plots.Smooth(y, 0.999); !slices.Equal(got, want) {
		t.Errorf("weight 5 gives %v, weight 0.999 %v", got, want)
	}
}
