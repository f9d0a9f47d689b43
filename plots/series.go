package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/plotter"
)

// A Series is one curve: Y[i] was measured at step X[i]. X and Y have the same length; the steps may come in any
// order. Y may hold NaN and infinities. A point whose step is not finite has no place and is left out.
type Series struct {
	Name string
	X, Y []float64
}

// huge is the largest magnitude drawn as a number: beyond it the width of an axis could overflow, so that the value
// is drawn as an infinity. A logarithmic axis likewise takes less than its inverse for zero.
const huge = 1e300

// points returns the series in the order of its steps, x divided by the steps per epoch if there are any. Of steps that
// are not positive a logarithmic axis has none.
func (s Series) points(stepsPerEpoch float64, logX bool) (plotter.XYs, error) {
	if len(s.X) != len(s.Y) {
		return nil, fmt.Errorf("plots: series %q has %d steps but %d values: give one value for each step",
			label(s.Name), len(s.X), len(s.Y))
	}
	points := make(plotter.XYs, 0, len(s.X))
	for i, x := range s.X {
		if stepsPerEpoch > 0 {
			x /= stepsPerEpoch
		}
		if math.IsNaN(x) || math.Abs(x) > huge || logX && x*huge < 1 {
			continue
		}
		points = append(points, plotter.XY{X: x, Y: bounded(s.Y[i])})
	}
	byStep := func(a, b plotter.XY) int { return cmp.Compare(a.X, b.X) }
	if !slices.IsSortedFunc(points, byStep) {
		slices.SortStableFunc(points, byStep)
	}
	return points, nil
}

func bounded(y float64) float64 {
	if math.Abs(y) > huge {
		return math.Inf(int(math.Copysign(1, y)))
	}
	return y
}

// smoothed returns the points with their values smoothed as the options say.
func (o Options) smoothed(points plotter.XYs) plotter.XYs {
	x, y := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		x[i], y[i] = p.X, p.Y
	}
	if o.TimeWeighted {
		y = SmoothTime(x, y, o.Smoothing)
	} else {
		y = Smooth(y, o.Smoothing)
	}
	out := slices.Clone(points)
	for i := range out {
		out[i].Y = y[i]
	}
	return out
}
