package tracker_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"paperlab/tracker"
)

func TestCurve(t *testing.T) {
	type p = tracker.Point
	for _, c := range []struct {
		name string
		in   []p
		want []float64 // values
	}{
		{"nothing", nil, nil},
		{"steps come out sorted", []p{{Session: 1, Step: 3, Value: 3}, {Session: 1, Step: 1, Value: 1}}, []float64{1, 3}},
		{"a later session that begins first hides all", []p{{Session: 1, Step: 5, Value: 1}, {Session: 2, Step: 0, Value: 2}}, []float64{2}},
		{"one that begins after the end hides nothing", []p{{Session: 1, Step: 5, Value: 1}, {Session: 2, Step: 6, Value: 2}}, []float64{1, 2}},
		{"gaps of a later session stay empty",
			[]p{{Session: 1, Step: 1, Value: 1}, {Session: 1, Step: 3, Value: 1}, {Session: 2, Step: 2, Value: 2}, {Session: 2, Step: 4, Value: 2}},
			[]float64{1, 2, 2}},
		{"a third session goes back further than the second",
			[]p{{Session: 1, Step: 0, Value: 1}, {Session: 1, Step: 5, Value: 1}, {Session: 2, Step: 4, Value: 2}, {Session: 3, Step: 2, Value: 3}},
			[]float64{1, 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []float64
			for _, point := range tracker.Curve(c.in) {
				got = append(got, point.Value)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// A series' summary, added up point by point, must agree with the points as they are; Curve says which of them count.
func TestSummaryAgreesWithPoints(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		var series tracker.Series
		var points []tracker.Point
		stale := false
		session := int64(1)
		for range 1 + random.IntN(12) {
			if random.IntN(5) == 0 {
				session++
			}
			p := tracker.Point{Session: session, Step: random.Int64N(10), Value: random.NormFloat64()}
			points = append(points, p)
			stale = series.Add(p) || stale
		}
		slices.SortStableFunc(points, func(a, b tracker.Point) int {
			switch {
			case a.After(b):
				return 1
			case b.After(a):
				return -1
			}
			return 0
		})
		curve := tracker.Curve(points)
		if last := curve[len(curve)-1]; series.Last != last {
			t.Fatalf("%v: last is %v, want %v", points, series.Last, last)
		}
		if series.Resumed != (session > 1 && points[0].Session != session) {
			t.Fatalf("%v: resumed is %v", points, series.Resumed)
		}
		if stale {
			continue
		}
		low, high := points[0].Value, points[0].Value
		for _, p := range points {
			low, high = min(low, p.Value), max(high, p.Value)
		}
		if series.Count != int64(len(points)) || series.Min != low || series.Max != high {
			t.Fatalf("%v: got %+v, want %v to %v", points, series, low, high)
		}
	}
}
