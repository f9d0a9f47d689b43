package plots

import "math"

// A span is the range of values that an axis has to hold.
type span struct{ min, max float64 }

var emptySpan = span{math.Inf(1), math.Inf(-1)}

func (s *span) include(v float64) {
	s.min, s.max = min(s.min, v), max(s.max, v)
}

// padded returns the ends of a linear axis that holds the span with a fraction of its width free at both ends. Where
// all values are one, up to rounding, it stands in the middle; whole numbers then have the next ones beside them. An
// empty span gives 0 to 1.
func (s span) padded(fraction float64, whole bool) (lo, hi float64) {
	if s.min > s.max {
		return 0, 1
	}
	width, size := s.max-s.min, max(math.Abs(s.min), math.Abs(s.max))
	pad := width * fraction
	if width <= size*1e-12 || width < 1e-300 {
		pad = size * 0.1
		if whole && size < 1e9 || size < 1e-290 {
			pad = 1
		}
	}
	return s.min - pad, s.max + pad
}

// paddedLog returns the ends of a logarithmic axis that holds the span, whose values are positive.
func (s span) paddedLog() (lo, hi float64) {
	const lowest, highest = 1e-305, 1e305
	low, high := math.Log(s.min), math.Log(s.max)
	pad := max((high-low)*0.05, math.Log(1.1))
	return max(math.Exp(low-pad), lowest), min(math.Exp(high+pad), highest)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
