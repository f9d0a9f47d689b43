package storetest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"paperlab/tracker"
)

// Full returns count with PAPERLAB_SOAK set, which `make soak` does, and reduced otherwise.
func Full(reduced, count int) int {
	if os.Getenv("PAPERLAB_SOAK") != "" {
		return count
	}
	return reduced
}

// LogOneByOne logs values 0, 1, 2 and so on to a series of a run, one call a value, always at the same step, so that only
// the order of logging tells them apart.
func LogOneByOne(ctx context.Context, store tracker.Store, run, key string, count int) error {
	for i := range count {
		if err := store.Log(ctx, run, Samples(key, float64(i))); err != nil {
			return fmt.Errorf("%s, value %d: %w", key, i, err)
		}
	}
	return nil
}

// Ordered checks that a run has so many series, and in each what [LogOneByOne] logs.
func Ordered(t testing.TB, store tracker.Reader, run string, series, count int) {
	t.Helper()
	all, err := store.Series(t.Context(), run)
	if err != nil || len(all) != series {
		t.Fatalf("got %d series, %v; want %d", len(all), err, series)
	}
	for _, s := range all {
		next := 0
		err := store.EachPoints(t.Context(), run, s.Key, s.Context, func(points []tracker.Point) error {
			for _, p := range points {
				if p.Value != float64(next) {
					return fmt.Errorf("%s: point %d is %v", s.Key, next, p.Value)
				}
				next++
			}
			return nil
		})
		if err != nil || next != count || s.Count != int64(count) || s.Last.Value != float64(count-1) {
			t.Errorf("%s: got %d points of %d, %v; summary %+v", s.Key, next, count, err, s)
		}
	}
}

// odd are values that are easily mistaken.
var odd = []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.MaxFloat64}

func testScale(t *testing.T, open func(t *testing.T) tracker.Store) {
	t.Run("ten thousand series in a run", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "wide")
		const series = 10_000
		for step := range 2 {
			samples := make([]tracker.Sample, series)
			for i := range samples {
				samples[i] = Samples(fmt.Sprintf("layer/%04d/grad", i%5000), float64(i))[0]
				samples[i].Step = int64(step)
				if i >= 5000 {
					samples[i].Context = tracker.NewContext(map[string]string{"rank": "1"})
				}
			}
			if err := store.Log(t.Context(), run.ID, samples); err != nil {
				t.Fatal(err)
			}
		}
		all, err := store.Series(t.Context(), run.ID)
		if err != nil || len(all) != series {
			t.Fatalf("got %d series, %v", len(all), err)
		}
		for i, s := range all {
			if want := float64(i/2 + 5000*(i%2)); s.Count != 2 || s.Last.Value != want {
				t.Fatalf("series %d: got %+v, want %v", i, s, want)
			}
		}
		if points, err := store.Points(t.Context(), run.ID, "layer/4999/grad", "rank=1"); err != nil || len(points) != 2 || points[0].Value != 9999 {
			t.Errorf("got %v, %v", points, err)
		}
	})

	t.Run("a reader that takes its time keeps no writer waiting", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "read slowly")
		if err := store.Log(t.Context(), run.ID, Samples("x", 1, 2)); err != nil {
			t.Fatal(err)
		}
		read := 0
		err := store.EachPoints(t.Context(), run.ID, "x", "", func(points []tracker.Point) error {
			read += len(points)
			return store.Log(t.Context(), run.ID, Samples("x", 3))
		})
		if err != nil || read != 2 {
			t.Errorf("read %d, %v", read, err)
		}
		if points, err := store.Points(t.Context(), run.ID, "x", ""); err != nil || len(points) != 3 {
			t.Errorf("got %v, %v", points, err)
		}
	})

	t.Run("a writer that takes its time keeps no reader waiting", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "before")
		_, err := store.UpdateRun(t.Context(), run.ID, func(r *tracker.Run) error {
			r.Name = "after"
			read := make(chan error)
			go func() {
				got, err := store.Run(t.Context(), run.ID)
				if err == nil && got.Name != "before" {
					err = fmt.Errorf("it sees %q, which is not written yet", got.Name)
				}
				read <- err
			}()
			return <-read
		})
		if err != nil {
			t.Error(err)
		}
	})

	t.Run("summaries of any order of sessions and steps are those of the points", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "any order")
		random := rand.New(rand.NewPCG(9, 10))
		for range Full(60, 2000) {
			var samples []tracker.Sample
			for range 1 + random.IntN(6) {
				s := Samples(fmt.Sprint("key/", random.IntN(8)), []float64{random.NormFloat64(), odd[random.IntN(len(odd))]}[random.IntN(2)])[0]
				s.Session, s.Step = 1+random.Int64N(4), random.Int64N(12)-3
				samples = append(samples, s)
			}
			if err := store.Log(t.Context(), run.ID, samples); err != nil {
				t.Fatal(err)
			}
		}
		if findings, err := store.Check(t.Context()); err != nil || len(findings) != 0 {
			t.Errorf("got %q, %v", findings, err)
		}
		all, err := store.Series(t.Context(), run.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			points, err := store.Points(t.Context(), run.ID, s.Key, s.Context)
			if err != nil {
				t.Fatal(err)
			}
			curve := tracker.Curve(points)
			if last := curve[len(curve)-1]; last.Step != s.Last.Step || last.Session != s.Last.Session || !same(last.Value, s.Last.Value) {
				t.Errorf("%s: last is %+v, want %+v", s.Key, s.Last, last)
			}
		}
	})
}
