package plots

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Band is what is drawn around the mean of a group.
type Band int

const (
	// Range reaches from the smallest value to the largest.
	Range Band = iota
	// Deviation is one standard deviation on both sides, that of a sample.
	Deviation
	// Confidence is the interval in which the true mean lies with 95 % confidence, if the values are normally distributed:
	// Student's t times the standard error.
	Confidence
)

// around returns the mean of one or more finite values, and the ends of the band. One value alone has a band of no
// width.
func (b Band) around(values []float64) (low, mean, high float64) {
	n := float64(len(values))
	for _, y := range values {
		mean += y / n
	}
	if b == Range || len(values) == 1 {
		return slices.Min(values), mean, slices.Max(values)
	}
	half := stat.StdDev(values, nil)
	if b == Confidence {
		half *= distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile(0.975) / math.Sqrt(n)
	}
	return mean - half, mean, mean + half
}
