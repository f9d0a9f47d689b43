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
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		average = weight*average + (1-weight)*v
		rest *= weight
		out[i] = average / (1 - rest)
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
