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

// The reference is the definition: the mean of all finite values so far, each weighing less by its distance.
func TestSmoothTimeWeighsByDistance(t *testing.T) {
	x := []float64{0, 1, 2, 50, 51, 99, 100}
	y := []float64{4, 3, math.NaN(), 2, math.Inf(1), 1, 7}
	got := plots.SmoothTime(x, y, 0.99)
	for i := range y {
		want, weights := 0.0, 0.0
		for j := range i + 1 {
			if math.IsNaN(y[j]) || math.IsInf(y[j], 0) {
				continue
			}
			weight := math.Pow(math.Sqrt(0.99), (x[i]-x[j])/100*1000)
			want, weights = want+weight*y[j], weights+weight
		}
		want /= weights
		if math.IsNaN(y[i]) || math.IsInf(y[i], 0) {
			want = y[i]
		}
		if !(math.Abs(got[i]-want) <= 1e-12*math.Abs(want)) && got[i] != want && !(math.IsNaN(got[i]) && math.IsNaN(want)) {
			t.Errorf("value %d is %v, want %v", i, got[i], want)
		}
	}
}

// Logging a stretch twice as densely does not change the average much; that of Smooth it does.
func TestSmoothTimeDoesNotDependOnHowOftenWasLogged(t *testing.T) {
	sample := func(every float64) (x, y []float64) {
		for at := 0.0; at <= 100; at += every {
			x, y = append(x, at), append(y, math.Sin(at/20))
		}
		return x, y
	}
	x, y := sample(1)
	xx, yy := sample(0.25)
	sparse, dense := plots.SmoothTime(x, y, 0.97), plots.SmoothTime(xx, yy, 0.97)
	if a, b := sparse[len(sparse)-1], dense[len(dense)-1]; math.Abs(a-b) > 0.03 {
		t.Errorf("%v and %v", a, b)
	}
}

func TestSmoothTimeOfOneStepIsTheMean(t *testing.T) {
	if got := plots.SmoothTime([]float64{5, 5, 5}, []float64{1, 2, 6}, 0.5); !slices.Equal(got, []float64{1, 1.5, 3}) {
		t.Errorf("got %v", got)
	}
	if got := plots.SmoothTime(nil, nil, 0.5); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}
