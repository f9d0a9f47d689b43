package tracker_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"paperlab/tracker"
)

func TestThinKeepsWhatAPlotShows(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	points := make([]tracker.Point, 100_003)
	for i := range points {
		points[i] = tracker.Point{Step: int64(3 * i), Session: 1, Value: random.NormFloat64()}
	}
	points[31_415].Value, points[31_416].Value = 1e6, -1e6
	points[50_000].Value, points[50_001].Value, points[50_002].Value = math.NaN(), math.Inf(1), math.Inf(-1)
	thin := tracker.Thin(points, 500)
	if len(thin) < 1000 || len(thin) > 4*500+3 {
		t.Errorf("got %d points", len(thin))
	}
	if thin[0] != points[0] || thin[len(thin)-1] != points[len(points)-1] {
		t.Errorf("from %v to %v", thin[0], thin[len(thin)-1])
	}
	if !slices.IsSortedFunc(thin, func(a, b tracker.Point) int { return int(a.Step - b.Step) }) {
		t.Error("out of order")
	}
	for _, striking := range []int{31_415, 31_416, 50_000, 50_001, 50_002} {
		if !slices.ContainsFunc(thin, func(p tracker.Point) bool { return p.Step == points[striking].Step }) {
			t.Errorf("point %d, %v, is lost", striking, points[striking].Value)
		}
	}
}

func TestThinOfEveryBucketKeepsItsExtremes(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		points := make([]tracker.Point, random.IntN(200))
		for i := range points {
			points[i] = tracker.Point{Step: int64(i), Value: float64(random.IntN(10))}
			if random.IntN(8) == 0 {
				points[i].Value = math.NaN()
			}
		}
		buckets := 1 + random.IntN(20)
		thin := tracker.Thin(points, buckets)
		if len(points) <= 4*buckets {
			if len(thin) != len(points) {
				t.Fatalf("%d points in %d buckets: got %d", len(points), buckets, len(thin))
			}
			continue
		}
		for b := range buckets {
			from, to := b*len(points)/buckets, (b+1)*len(points)/buckets
			var kept []tracker.Point
			for _, p := range thin {
				if int(p.Step) >= from && int(p.Step) < to {
					kept = append(kept, p)
				}
			}
			all, some := extent(points[from:to]), extent(kept)
			if all != some || kept[0].Step != int64(from) || kept[len(kept)-1].Step != int64(to-1) || len(kept) > 5 {
				t.Fatalf("bucket %d of %d: got %v of %v", b, buckets, kept, points[from:to])
			}
		}
	}
	if got := tracker.Thin(nil, 10); len(got) != 0 {
		t.Errorf("of nothing: got %v", got)
	}
}

// extent returns smallest and largest number, and whether there is a NaN.
func extent(points []tracker.Point) (e struct {
	low, high float64
	nan       bool
}) {
	e.low, e.high = math.Inf(1), math.Inf(-1)
	for _, p := range points {
		if math.IsNaN(p.Value) {
			e.nan = true
			continue
		}
		e.low, e.high = min(e.low, p.Value), max(e.high, p.Value)
	}
	return e
}
