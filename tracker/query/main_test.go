package query_test

import (
	"math"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/query"
)

var now = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// tuned is a finished run with a bit of everything; its curve has a first point, a last one, NaN, and one of a rank.
func tuned() query.Row {
	run := &tracker.Run{
		ID: "01k0z6v8mhk2t6gq6v0wz3n5tb", Name: "t5-small tuned", Project: "summarize", Status: tracker.Finished, Session: 1,
		Started: now.Add(-3 * time.Hour), Ended: now.Add(-time.Hour), Notes: "with warm-up",
		Params: tracker.Params{
			"lr": 5e-5, "epochs": int64(3), "debug": false, "bf16": true, "optimizer": "adamw", "a b": int64(3), "none": nil, "empty": "",
			"lr_text": "5e-05", "flag_text": "True", "when": "2026-03-13", "betas": []any{0.9, 0.999},
			"model": map[string]any{"size": "small", "layers": 8.0}, "data.name": "arxiv", "big": int64(math.MaxInt64),
		},
		Tags:    map[string]string{"best": "yes", "seed": "42"},
		Source:  tracker.Source{Commit: "abc"},
		Machine: tracker.Machine{Host: "box", Env: map[string]string{"go": "go1.26", "gonum.org/v1/plot": "v0.17.0"}},
	}
	series := []tracker.Series{
		{Key: "eval/loss", Count: 3, Last: tracker.Point{Step: 300, Value: 2.4}, Min: 2.2, Max: 3.1},
		{Key: "loss", Context: "rank=0", Count: 1, Last: tracker.Point{Value: 7}, Min: 7, Max: 7},
		{Key: "train/loss", Count: 9, Last: tracker.Point{Value: math.NaN()}, Min: 1.5, Max: 4},
	}
	return query.NewRow(run, series, now, func(key string, context tracker.Context) ([]tracker.Point, error) {
		if key != "eval/loss" || context != "" {
			return nil, nil
		}
		return []tracker.Point{{Step: 100, Value: 3.1}, {Step: 200, Value: 2.2}, {Step: 300, Value: 2.4}}, nil
	})
}

// bare is a run that goes on and has nothing.
func bare() query.Row {
	run := &tracker.Run{ID: "01k0z7v8mhk2t6gq6v0wz3n5tb", Name: "bare", Status: tracker.Running, Session: 1, Started: now.Add(-time.Minute)}
	return query.NewRow(run, nil, now, nil)
}

func match(t *testing.T, text string, row query.Row) bool {
	t.Helper()
	filter, err := query.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	ok, err := filter.Match(row)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return ok
}
