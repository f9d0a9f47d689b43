package storetest

import (
	"fmt"
	"testing"
	"time"

	"paperlab/tracker"
)

// Large fills a store with runs of 10 series each, checks that it gives them back, and logs how long that takes: 1,000 runs
// of 10,000 points with PAPERLAB_SOAK, a hundredth of each without.
func Large(t testing.TB, store tracker.Store) {
	t.Helper()
	runs, points := Full(10, 1000), Full(100, 10_000)
	const series = 10
	began := time.Now()
	var ids []string
	for r := range runs {
		run := NewRun(t, fmt.Sprint("run ", r))
		run.Params, run.Tags = tracker.Params{"lr": 1e-5 * float64(r), "epochs": 3, "model": "t5"}, map[string]string{"sweep": "lr"}
		if err := store.CreateRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		var samples []tracker.Sample
		for k := range series {
			values := make([]float64, points/series)
			for i := range values {
				values[i] = 1 / float64(i+k+1)
			}
			samples = append(samples, Samples(fmt.Sprint("train/metric_", k), values...)...)
		}
		if err := store.Log(t.Context(), run.ID, samples); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, run.ID)
	}
	timing(t, fmt.Sprintf("write %d runs of %d points, a call each", runs, points), began)

	for range 2 { // the second time what was read lies in memory
		began = time.Now()
		listed, err := store.Runs(t.Context(), tracker.RunFilter{})
		if err != nil || len(listed) != runs {
			t.Fatalf("got %d runs, %v", len(listed), err)
		}
		all, err := store.Series(t.Context(), ids...)
		if err != nil || len(all) != runs*series {
			t.Fatalf("got %d series, %v", len(all), err)
		}
		timing(t, "the table: all runs and the summaries of their series", began)
	}
	began = time.Now()
	for _, id := range ids[:10] {
		curve, err := store.Points(t.Context(), id, "train/metric_3", "")
		if err != nil || len(curve) != points/series || curve[1].Value != 1.0/5 {
			t.Fatalf("got %d points, %v", len(curve), err)
		}
	}
	timing(t, "one series of each of 10 runs", began)

	_, since, err := store.Changes(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	began = time.Now()
	if _, _, err := store.Changes(t.Context(), since); err != nil {
		t.Fatal(err)
	}
	timing(t, "ask what changed, when nothing did", began)

	began = time.Now()
	if found, err := store.Search(t.Context(), "run sweep"); err != nil || len(found) != runs {
		t.Errorf("got %d, %v", len(found), err)
	}
	timing(t, "search", began)

	began = time.Now()
	for i := range 100 {
		if err := store.Log(t.Context(), ids[0], append(Samples("train/metric_0", float64(i)), Samples("train/metric_1", 1)...)); err != nil {
			t.Fatal(err)
		}
	}
	timing(t, "100 calls that log 2 points", began)

	began = time.Now()
	if findings, err := store.Check(t.Context()); err != nil || len(findings) != 0 {
		t.Errorf("got %q, %v", findings, err)
	}
	timing(t, "check", began)
}

func timing(t testing.TB, what string, began time.Time) {
	t.Helper()
	t.Logf("%-60s %10.2f ms", what, float64(time.Since(began).Microseconds())/1000)
}
