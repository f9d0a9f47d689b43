package runs_test

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

func TestARunFromStartToFinish(t *testing.T) {
	store, ctx := open(t), t.Context()
	now := time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)
	run, err := runs.Start(ctx, store, runs.Options{
		Project: "summarize", Name: "first", Group: "g", Notes: "n", Params: map[string]any{"lr": 5e-5, "epochs": 3},
		Tags: map[string]string{"best": "no"}, Clock: func() time.Time { now = now.Add(time.Second); return now },
		Entropy: zeros{},
	})
	if err != nil {
		t.Fatal(err)
	}
	started := now
	for step, values := range []map[string]float64{{"train/loss": 3, "eval/loss": math.NaN()}, {"train/loss": 2}} {
		if err := run.Log(ctx, int64(step), values); err != nil {
			t.Fatal(err)
		}
	}
	if err := run.Text(ctx, "summary", 1, "a short text"); err != nil {
		t.Fatal(err)
	}
	if err := run.SetTag(ctx, "best", "yes"); err != nil {
		t.Fatal(err)
	}
	if err := run.Finish(ctx, tracker.Finished); err != nil {
		t.Fatal(err)
	}

	got := get(t, store, run.ID())
	r := got.Run
	if !strings.HasSuffix(r.ID, "0000000000000000") || r.Project != "summarize" || r.Name != "first" || r.Group != "g" || r.Notes != "n" ||
		r.Status != tracker.Finished || !r.Started.Equal(started) || !r.Ended.Equal(now) || r.Session != 1 || r.Tags["best"] != "yes" {
		t.Errorf("got %+v", r)
	}
	if want := (tracker.Params{"lr": 5e-5, "epochs": int64(3)}); !reflect.DeepEqual(r.Params, want) {
		t.Errorf("parameters: got %v", r.Params)
	}
	loss, _ := got.Metric("train/loss")
	eval, _ := got.Metric("eval/loss")
	if len(got.Series) != 2 || loss.Last.Value != 2 || loss.Last.Step != 1 || loss.Last.Time.IsZero() || !math.IsNaN(eval.Last.Value) {
		t.Errorf("series: got %+v", got.Series)
	}
	texts, err := store.Texts(ctx, run.ID(), "summary")
	if err != nil || len(texts) != 1 || texts[0].Body != "a short text" || texts[0].Step != 1 || texts[0].Session != 1 {
		t.Errorf("texts: got %+v, %v", texts, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestWhatIsLeftOutHasDefaults(t *testing.T) {
	store := open(t)
	r := get(t, store, start(t, store, runs.Options{}).ID()).Run
	if r.Project != "default" || r.Name != "run-"+r.ID[20:] || time.Since(r.Started).Abs() > time.Minute {
		t.Errorf("got %+v", r)
	}
}

func TestStartFailsWithWhatCannotBeKept(t *testing.T) {
	store := open(t)
	_, err := runs.Start(t.Context(), store, runs.Options{Params: map[string]any{"f": func() {}}})
	if !errors.Is(err, tracker.ErrInvalid) || !strings.Contains(err.Error(), "parameter f") {
		t.Errorf("got %v", err)
	}
	if _, err := runs.Start(t.Context(), store, runs.Options{Entropy: strings.NewReader("")}); !errors.Is(err, io.EOF) {
		t.Errorf("without entropy: got %v", err)
	}
}

func TestBatchKeepsTimesAndTakesTheRunsSession(t *testing.T) {
	store := open(t)
	run := start(t, store, runs.Options{})
	at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	samples := []tracker.Sample{
		{Key: "x", Point: tracker.Point{Step: 1, Time: at, Session: 99}}, {Key: "x", Point: tracker.Point{Step: 2}},
	}
	if err := run.LogBatch(t.Context(), samples); err != nil {
		t.Fatal(err)
	}
	points, err := store.Points(t.Context(), run.ID(), "x", "")
	if err != nil || !points[0].Time.Equal(at) || points[0].Session != 1 || points[1].Time.IsZero() {
		t.Errorf("got %v, %v", points, err)
	}
	if samples[0].Session != 99 || !samples[1].Time.IsZero() {
		t.Error("the caller's samples were changed")
	}
}

func TestArtifact(t *testing.T) {
	store := open(t)
	run := start(t, store, runs.Options{})
	folder := t.TempDir()
	path := filepath.Join(folder, "weights")
	if err := os.WriteFile(path, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	artifact, err := run.Artifact(t.Context(), "model/weights", path)
	if err != nil || artifact.Size != 5 || artifact.Name != "model/weights" {
		t.Errorf("got %+v, %v", artifact, err)
	}
	for name, path := range map[string]string{"folder": folder, "nothing": filepath.Join(folder, "none")} {
		var full *tracker.Error
		if _, err := run.Artifact(t.Context(), "x", path); !errors.As(err, &full) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestFinishedRun(t *testing.T) {
	store := open(t)
	run := start(t, store, runs.Options{})
	for _, status := range []tracker.Status{tracker.Running, tracker.Crashed, "done"} {
		if err := run.Finish(t.Context(), status); !errors.Is(err, tracker.ErrInvalid) {
			t.Errorf("%s: got %v", status, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := run.Finish(ctx, tracker.Killed); err != nil {
		t.Fatalf("a cancelled context must not keep a run from ending: %v", err)
	}
	if err := run.Finish(t.Context(), tracker.Finished); err != nil {
		t.Errorf("a second call must do nothing: %v", err)
	}
	if r := get(t, store, run.ID()).Run; r.Status != tracker.Killed || r.Ended.IsZero() {
		t.Errorf("got %+v", r)
	}
	_, artifact := run.Artifact(t.Context(), "x", "/dev/null")
	for name, err := range map[string]error{
		"Log": run.Log(t.Context(), 1, map[string]float64{"x": 1}), "Text": run.Text(t.Context(), "x", 1, ""),
		"SetTag": run.SetTag(t.Context(), "x", ""), "Artifact": artifact,
	} {
		if !errors.Is(err, tracker.ErrEnded) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestHandleMayBeSharedBetweenGoroutines(t *testing.T) {
	store := open(t)
	run := start(t, store, runs.Options{})
	var group sync.WaitGroup
	for g := range 4 {
		group.Go(func() {
			for step := range 20 {
				if err := run.Log(t.Context(), int64(step), map[string]float64{"x": float64(g)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	for range 3 {
		group.Go(func() {
			if err := run.Finish(t.Context(), tracker.Finished); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if series, _ := get(t, store, run.ID()).Metric("x"); series.Count != 80 {
		t.Errorf("got %d points", series.Count)
	}
}

func TestCreatedRunIsLoggedToByAttaching(t *testing.T) {
	store := open(t)
	created, err := runs.Create(t.Context(), store, runs.Options{Name: "shell"})
	if err != nil {
		t.Fatal(err)
	}
	attached, err := runs.Attach(t.Context(), store, created.ID())
	if err != nil {
		t.Fatal(err)
	}
	if err := attached.Log(t.Context(), 3, map[string]float64{"loss": 0.5}); err != nil {
		t.Fatal(err)
	}
	r := get(t, store, created.ID())
	if r.Run.Owner != nil || !r.Run.Heartbeat.IsZero() || r.Run.Status != tracker.Running || r.Series[0].Last.Session != 1 {
		t.Errorf("got %+v", r)
	}
	if _, err := runs.Resume(t.Context(), store, created.ID(), runs.Options{}); !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("resume: got %v", err)
	}
	if err := attached.Finish(t.Context(), tracker.Failed); err != nil {
		t.Fatal(err)
	}
	if err := created.Finish(t.Context(), tracker.Finished); !errors.Is(err, tracker.ErrEnded) {
		t.Errorf("it was said to have failed: got %v", err)
	}
	if err := created.Finish(t.Context(), tracker.Failed); err != nil {
		t.Errorf("saying so again: got %v", err)
	}
}
