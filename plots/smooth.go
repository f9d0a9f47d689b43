package plots

import (
	"math"
	"slices"
)

// Smooth returns TensorBoard's exponential moving average of y: each value weighs weight times as much as the one
// after it, and the average is divided by the sum of the weights, so that the first values are not drawn towards zero.
//
//	s[i] = (1-w) sum_{j<=i} w^(i-j) y[j] / (1 - w^(i+1))
//
// NaN and infinities pass through and leave the average of the others untouched; a constant series comes back as it
// is. weight lies in 0 to 0.999, the range of TensorBoard's slider, and is clamped to it.
//
// It follows resmooth in tensorboard/webapp/widgets/line_chart_v2/data_transformer.ts.
func Smooth(y []float64, weight float64) []float64 {
	weight = min(weight, 0.999)
	out := slices.Clone(y)
	if !(weight > 0) || constant(y) {
		return out
	}
	average, rest := 0.0, 1.0 // rest is the weight that the zero before the first value still has
	for i, v := range y {
		if !finite(v) {
			continue
		}
		average = weight*average + (1-weight)*v
		rest *= weight
		out[i] = average / (1 - rest)
	}
	return out
}

// viewport is how many steps of width one the range of x is taken for: about as many as a chart has pixels.
const viewport = 1000

// SmoothTime is an average that fades with the distance on the horizontal axis instead of the number of values, so that a
// stretch that was logged densely weighs no more than another of the same length. Between two values it fades by
//
//	w^(1000 (x[i]-x[j]) / (largest x - smallest x)),  w = sqrt(weight)
//
// and is divided by the sum of the weights. x does not fall and has the length of y. What is not finite passes through as
// in [Smooth], whose range weight has. This is the time-weighted exponential moving average of W&B's charts.
func SmoothTime(x, y []float64, weight float64) []float64 {
	weight = min(math.Sqrt(weight), 0.999)
	out := slices.Clone(y)
	if !(weight > 0) || len(x) == 0 || constant(y) {
		return out
	}
	width := x[len(x)-1] - x[0]
	sum, weights, before := 0.0, 0.0, x[0]
	for i, v := range y {
		if !finite(v) || !finite(x[i]) {
			continue
		}
		fade := 1.0
		if width > 0 {
			fade = math.Pow(weight, (x[i]-before)/width*viewport)
		}
		sum, weights, before = sum*fade+v, weights*fade+1, x[i]
		out[i] = sum / weights
	}
	return out
}

func constant(y []float64) bool {
	for _, v := range y {
		if v != y[0] {
			return false
		}
	}
	return true
}
