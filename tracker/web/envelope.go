package web

import (
	"math"

	"paperlab/tracker"
)

// envelope is a curve as the page draws it. Where there are more points than fit, they are put into buckets, of which
// the page draws the mean as a line and the smallest and largest value around it: no spike is lost, and smoothing, which
// needs the mean and the number of points, is as that of all points. Otherwise each point is its own bucket.
type envelope struct {
	steps, times   []int64   // of the point in the middle of each bucket
	mean, low, top []float64 // of the finite values, NaN if there are none
	counts         []int     // of the finite values, at least 1
	odd            []oddity
	whole          bool // each point is its own bucket
}

// oddity is a value that is no number, in a bucket.
type oddity struct {
	bucket int
	value  float64
}

// newEnvelope puts points, ordered as [tracker.Curve] gives them, into about so many buckets of equally many points; for
// a logarithmic axis of steps, of numbers that grow with the step. The first and the last point are alone in theirs.
func newEnvelope(points []tracker.Point, buckets int, logarithmic bool) *envelope {
	n := len(points)
	e := &envelope{whole: n <= 2*buckets}
	for from := 0; from < n; {
		to := from + 1
		if !e.whole && from > 0 && from < n-1 {
			place := bucketOf(from, n, buckets, logarithmic)
			for to < n-1 && bucketOf(to, n, buckets, logarithmic) == place {
				to++
			}
		}
		e.add(points[from:to])
		from = to
	}
	return e
}

func bucketOf(i, n, buckets int, logarithmic bool) int {
	if logarithmic {
		return int(float64(buckets) * math.Log1p(float64(i)) / math.Log1p(float64(n)))
	}
	return i * buckets / n
}

func (e *envelope) add(bucket []tracker.Point) {
	middle := bucket[len(bucket)/2]
	sum, n, low, top := 0.0, 0, math.Inf(1), math.Inf(-1)
	seen := map[string]bool{}
	for _, p := range bucket {
		if text, isOdd := value(p.Value).(string); isOdd {
			if !seen[text] {
				seen[text] = true
				e.odd = append(e.odd, oddity{len(e.steps), p.Value})
			}
			continue
		}
		sum, n, low, top = sum+p.Value, n+1, min(low, p.Value), max(top, p.Value)
	}
	mean := math.NaN()
	if n > 0 {
		mean = min(max(sum/float64(n), low), top) // rounding or overflow must not lead out of the range
	}
	e.steps, e.times = append(e.steps, middle.Step), append(e.times, middle.Time.UnixMilli())
	e.mean, e.low, e.top, e.counts = append(e.mean, mean), append(e.low, low), append(e.top, top), append(e.counts, max(n, 1))
}
