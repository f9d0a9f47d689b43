package storetest

import (
	"math"
	"testing"

	"paperlab/tracker"
)

func testSummaries(t *testing.T, open func(t *testing.T) tracker.Store) {
	nan, inf := math.NaN(), math.Inf(1)
	type point struct {
		session, step int64
		value         float64
	}
	for _, c := range []struct {
		name           string
		points         []point
		count          int64
		last, min, max float64
	}{
		{"one point", []point{{1, 0, 3}}, 1, 3, 3, 3},
		{"the last is that of the highest step", []point{{1, 9, 1}, {1, 3, 2}}, 2, 1, 1, 2},
		{"a step logged twice counts twice and ends with the second", []point{{1, 1, 5}, {1, 1, 7}}, 2, 7, 5, 7},
		{"NaN is no minimum or maximum", []point{{1, 0, nan}, {1, 1, 2}, {1, 2, nan}}, 3, nan, 2, 2},
		{"only NaN", []point{{1, 0, nan}}, 1, nan, nan, nan},
		{"infinities are", []point{{1, 0, inf}, {1, 1, 2}, {1, 2, -inf}}, 3, -inf, -inf, inf},
		{"a new session hides older points from its first step on",
			[]point{{1, 0, 9}, {1, 1, 8}, {1, 2, 0}, {2, 2, 7}, {2, 3, 6}}, 4, 6, 6, 9},
		{"and more of them when it steps back", []point{{1, 0, 9}, {1, 1, 0}, {2, 2, 7}, {2, 1, 6}}, 3, 7, 6, 9},
		{"a late point of an older session is hidden", []point{{1, 0, 9}, {2, 1, 7}, {1, 5, 100}}, 2, 7, 7, 9},
		{"or counts, if it comes before", []point{{1, 0, 9}, {2, 2, 7}, {1, 1, 100}}, 3, 7, 7, 100},
		{"three sessions", []point{{1, 0, 1}, {1, 5, 2}, {2, 4, 3}, {2, 6, 4}, {3, 2, 5}}, 2, 5, 1, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := open(t)
			run := Create(t, store, c.name)
			var samples []tracker.Sample
			for _, p := range c.points {
				sample := Samples("x", p.value)[0]
				sample.Session, sample.Step = p.session, p.step
				samples = append(samples, sample)
			}
			// The first in a batch of its own, so that the summary is also picked up from where it was left.
			for _, batch := range [][]tracker.Sample{samples[:1], samples[1:]} {
				if err := store.Log(t.Context(), run.ID, batch); err != nil {
					t.Fatal(err)
				}
			}
			series, err := store.Series(t.Context(), run.ID)
			if err != nil || len(series) != 1 {
				t.Fatalf("got %v, %v", series, err)
			}
			s := series[0]
			if s.Run != run.ID || s.Key != "x" || s.Count != c.count || !same(s.Last.Value, c.last) || !same(s.Min, c.min) || !same(s.Max, c.max) {
				t.Errorf("got %+v, want count %d, last %v, min %v, max %v", s, c.count, c.last, c.min, c.max)
			}
		})
	}

	t.Run("series of several runs come sorted", func(t *testing.T) {
		store := open(t)
		a, b, other := Create(t, store, "a"), Create(t, store, "b"), Create(t, store, "other")
		for _, run := range []*tracker.Run{a, b, other} {
			if err := store.Log(t.Context(), run.ID, append(Samples("y", 1), Samples("x", 2)...)); err != nil {
				t.Fatal(err)
			}
		}
		series, err := store.Series(t.Context(), a.ID, b.ID)
		if err != nil || len(series) != 4 {
			t.Fatalf("got %v, %v", series, err)
		}
		for i, s := range series {
			first, second := min(a.ID, b.ID), max(a.ID, b.ID)
			if want := []string{first, first, second, second}[i]; s.Run != want || s.Key != []string{"x", "y"}[i%2] {
				t.Errorf("series %d is %s of %s", i, s.Key, s.Run)
			}
		}
	})
}

func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
