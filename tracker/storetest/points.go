package storetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"sync"
	"testing"

	"paperlab/tracker"
)

func testPoints(t *testing.T, open func(t *testing.T) tracker.Store) {
	t.Run("values come back as they were", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "values")
		values := []float64{
			0, 1, 0.1, math.Pi, math.MaxFloat64, math.SmallestNonzeroFloat64,
			math.NaN(), math.Inf(1), math.Inf(-1), 1 << 53,
		}
		if err := store.Log(t.Context(), run.ID, Samples("x", values...)); err != nil {
			t.Fatal(err)
		}
		points, err := store.Points(t.Context(), run.ID, "x", "")
		if err != nil || len(points) != len(values) {
			t.Fatalf("got %d points, %v", len(points), err)
		}
		for i, p := range points {
			if !same(p.Value, values[i]) || p.Step != int64(i) || p.Session != 1 || !p.Time.Equal(Samples("x", 0)[0].Time) {
				t.Errorf("got %+v, want value %v at step %d", p, values[i], i)
			}
		}
	})

	t.Run("any order of steps is kept, a step logged twice keeps both", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "steps")
		steps := []int64{5, math.MaxInt64, -3, 5, math.MinInt64, 0, 5}
		for i, step := range steps {
			samples := Samples("x", float64(i))
			samples[0].Step = step
			if err := store.Log(t.Context(), run.ID, samples); err != nil {
				t.Fatal(err)
			}
		}
		points, err := store.Points(t.Context(), run.ID, "x", "")
		var got []string
		for _, p := range points {
			got = append(got, fmt.Sprint(p.Step, "=", p.Value))
		}
		want := []string{"-9223372036854775808=4", "-3=2", "0=5", "5=0", "5=3", "5=6", "9223372036854775807=1"}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, %v; want %v", got, err, want)
		}
	})

	t.Run("series differ by key and context", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "series")
		names := []tracker.Sample{
			{Key: "train/loss"}, {Key: "потеря \U0001F4C9"}, {Key: "a b=c&d"},
			{Key: "train/loss", Context: tracker.NewContext(map[string]string{"rank": "1", "data set": "a&b"})},
		}
		for i := range names {
			names[i].Session, names[i].Value, names[i].Time = 1, float64(i), began
		}
		if err := store.Log(t.Context(), run.ID, names); err != nil {
			t.Fatal(err)
		}
		for i, name := range names {
			points, err := store.Points(t.Context(), run.ID, name.Key, name.Context)
			if err != nil || len(points) != 1 || points[0].Value != float64(i) {
				t.Errorf("%s %s: got %v, %v", name.Key, name.Context, points, err)
			}
		}
		if points, err := store.Points(t.Context(), run.ID, "other", ""); err != nil || len(points) != 0 {
			t.Errorf("a series that was never logged: got %v, %v", points, err)
		}
	})

	t.Run("keys that differ in bad bytes only are one", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "bad bytes")
		if err := store.Log(t.Context(), run.ID, append(Samples("a\xff", 1), append(Samples("a\xfe", 2), Samples("a\uFFFD", 3)...)...)); err != nil {
			t.Fatal(err)
		}
		if points, err := store.Points(t.Context(), run.ID, "a\xff", ""); err != nil || len(points) != 3 || points[2].Value != 3 {
			t.Errorf("got %v, %v", points, err)
		}
	})

	t.Run("a call without samples logs nothing", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "empty")
		if err := store.Log(t.Context(), run.ID, nil); err != nil {
			t.Error(err)
		}
		if series, err := store.Series(t.Context(), run.ID); err != nil || len(series) != 0 {
			t.Errorf("got %v, %v", series, err)
		}
	})

	t.Run("a call with one bad sample logs nothing", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "bad")
		for name, bad := range map[string]tracker.Sample{
			"empty key":       {Point: tracker.Point{Session: 1}},
			"control key":     {Key: "a\tb", Point: tracker.Point{Session: 1}},
			"no session":      {Key: "x"},
			"context":         {Key: "x", Context: "b=1&a=1", Point: tracker.Point{Session: 1}},
			"context escapes": {Key: "x", Context: "a=%zz", Point: tracker.Point{Session: 1}},
		} {
			err := store.Log(t.Context(), run.ID, append(Samples("good", 1), bad))
			if !errors.Is(err, tracker.ErrInvalid) {
				t.Errorf("%s: got %v", name, err)
			}
		}
		if series, err := store.Series(t.Context(), run.ID); err != nil || len(series) != 0 {
			t.Errorf("got %v, %v", series, err)
		}
	})

	t.Run("a cancelled call logs nothing and says so", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "cancelled")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := store.Log(ctx, run.ID, Samples("x", 1)); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if series, err := store.Series(t.Context(), run.ID); err != nil || len(series) != 0 {
			t.Errorf("got %v, %v", series, err)
		}
	})

	t.Run("a large batch arrives whole", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "batch")
		values := make([]float64, 12_345)
		for i := range values {
			values[i] = float64(i)
		}
		if err := store.Log(t.Context(), run.ID, append(Samples("x", values...), Samples("y", 1, 2)...)); err != nil {
			t.Fatal(err)
		}
		points, err := store.Points(t.Context(), run.ID, "x", "")
		if err != nil || len(points) != len(values) || points[12_344].Value != 12_344 {
			t.Errorf("got %d points, %v", len(points), err)
		}
		var pieces []int
		var whole []tracker.Point
		err = store.EachPoints(t.Context(), run.ID, "x", "", func(piece []tracker.Point) error {
			pieces, whole = append(pieces, len(piece)), append(whole, piece...)
			return nil
		})
		if err != nil || !reflect.DeepEqual(pieces, []int{10_000, 2_345}) || !reflect.DeepEqual(whole, points) {
			t.Errorf("got pieces of %v, %v", pieces, err)
		}
		enough := errors.New("enough")
		if err := store.EachPoints(t.Context(), run.ID, "x", "", func([]tracker.Point) error { return enough }); !errors.Is(err, enough) {
			t.Errorf("got %v", err)
		}
	})
}

func testConcurrency(t *testing.T, open func(t *testing.T) tracker.Store) {
	t.Run("what many goroutines log arrives in order per series", func(t *testing.T) {
		store := open(t)
		const writers, calls = 8, 50
		run := Create(t, store, "many")
		var group sync.WaitGroup
		for w := range writers {
			group.Go(func() {
				for i := range calls {
					// The same step always: only the order of logging can tell them apart.
					if err := store.Log(t.Context(), run.ID, Samples(fmt.Sprint("writer/", w), float64(i))); err != nil {
						t.Error(err)
						return
					}
				}
			})
			group.Go(func() {
				if _, err := store.Series(t.Context(), run.ID); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		for w := range writers {
			points, err := store.Points(t.Context(), run.ID, fmt.Sprint("writer/", w), "")
			if err != nil || len(points) != calls {
				t.Fatalf("writer %d: got %d points, %v", w, len(points), err)
			}
			for i, p := range points {
				if p.Value != float64(i) {
					t.Fatalf("writer %d: point %d is %v", w, i, p.Value)
				}
			}
		}
	})
}
