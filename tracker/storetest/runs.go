package storetest

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"paperlab/tracker"
)

func testRuns(t *testing.T, open func(t *testing.T) tracker.Store) {
	t.Run("a run comes back as it was stored", func(t *testing.T) {
		store := open(t)
		run := NewRun(t, "first \U0001F9EA")
		run.Project, run.Group, run.Parent, run.Notes = "summarize", "lr sweep", NewRun(t, "").ID, "two\nlines"
		run.Heartbeat = began.Add(time.Second)
		run.Owner = &tracker.Owner{PID: 42, Born: 1 << 40, Boot: "boot"}
		run.Params = tracker.Params{
			"lr": 5e-5, "epochs": int64(3), "whole": 3.0, "debug": false, "model": "t5", "a b": nil,
			"huge": int64(math.MaxInt64), "inf": math.Inf(-1), "betas": []any{0.9, 0.999}, "nested": map[string]any{"x": "y"},
		}
		run.Tags = map[string]string{"best": "yes", "": "x"}
		delete(run.Tags, "")
		run.Source = tracker.Source{Command: "paperlab train", Dir: "/home/me", Commit: "abc", Diff: "+ line"}
		run.Machine = tracker.Machine{Host: "h", CPU: "c", GPU: "g", Env: map[string]string{"go": "go1.26"}}
		if err := store.CreateRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		if err := run.Normalize(); err != nil {
			t.Fatal(err)
		}
		got, err := store.Run(t.Context(), run.ID)
		if err != nil || !reflect.DeepEqual(got, run) {
			t.Errorf("got  %+v, %v\nwant %+v", got, err, run)
		}
	})

	t.Run("a parameter may be NaN", func(t *testing.T) {
		store := open(t)
		run := NewRun(t, "nan")
		run.Params = tracker.Params{"x": math.NaN()}
		if err := store.CreateRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		got, err := store.Run(t.Context(), run.ID)
		if err != nil {
			t.Fatal(err)
		}
		if x, ok := got.Params["x"].(float64); !ok || !math.IsNaN(x) {
			t.Errorf("got %v", got.Params["x"])
		}
	})

	t.Run("bad bytes become replacement characters", func(t *testing.T) {
		store := open(t)
		run := NewRun(t, "a\xff\xfeb")
		run.Tags = map[string]string{"k\xff": "\xc3"}
		if err := store.CreateRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		got, err := store.Run(t.Context(), run.ID)
		if err != nil || got.Name != "a\uFFFD\uFFFDb" || got.Tags["k\uFFFD"] != "\uFFFD" {
			t.Errorf("got %q %q, %v", got.Name, got.Tags, err)
		}
	})

	t.Run("a second run with the same ID is refused", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "one")
		if err := store.CreateRun(t.Context(), run); !errors.Is(err, tracker.ErrExists) {
			t.Errorf("got %v", err)
		}
	})

	t.Run("a run that makes no sense is refused", func(t *testing.T) {
		store := open(t)
		for name, spoil := range map[string]func(*tracker.Run){
			"ID":        func(r *tracker.Run) { r.ID = "run-1" },
			"parent":    func(r *tracker.Run) { r.Parent = "../.." },
			"status":    func(r *tracker.Run) { r.Status = "done" },
			"session":   func(r *tracker.Run) { r.Session = 0 },
			"parameter": func(r *tracker.Run) { r.Params = tracker.Params{"f": func() {}} },
			"tag":       func(r *tracker.Run) { r.Tags = map[string]string{"a\nb": ""} },
		} {
			run := NewRun(t, name)
			spoil(run)
			if err := store.CreateRun(t.Context(), run); !errors.Is(err, tracker.ErrInvalid) {
				t.Errorf("%s: got %v", name, err)
			}
		}
		if runs, err := store.Runs(t.Context(), tracker.RunFilter{}); len(runs) != 0 || err != nil {
			t.Errorf("they were stored all the same: %v, %v", runs, err)
		}
	})

	t.Run("runs are listed newest first, filtered, without their diffs", func(t *testing.T) {
		store := open(t)
		var ids []string
		for i, project := range []string{"a", "b", "a"} {
			run := NewRun(t, project)
			run.Project, run.Started = project, began.Add(time.Duration(i)*time.Second)
			run.Source.Diff, run.Tags, run.Params = "diff", map[string]string{"n": project}, tracker.Params{"i": i}
			if i == 0 {
				run.Status = tracker.Finished
			}
			if err := store.CreateRun(t.Context(), run); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, run.ID)
		}
		for name, c := range map[string]struct {
			filter tracker.RunFilter
			want   []string
		}{
			"all":     {tracker.RunFilter{}, []string{ids[2], ids[1], ids[0]}},
			"project": {tracker.RunFilter{Project: "a"}, []string{ids[2], ids[0]}},
			"status":  {tracker.RunFilter{Project: "a", Status: tracker.Running}, []string{ids[2]}},
			"IDs":     {tracker.RunFilter{IDs: []string{ids[0], ids[1]}}, []string{ids[1], ids[0]}},
			"no IDs":  {tracker.RunFilter{IDs: []string{}}, nil},
			"nothing": {tracker.RunFilter{Project: "c"}, nil},
		} {
			runs, err := store.Runs(t.Context(), c.filter)
			var got []string
			for _, run := range runs {
				got = append(got, run.ID)
				if run.Source.Diff != "" || run.Tags["n"] != run.Name || len(run.Params) != 1 {
					t.Errorf("%s: got %+v", name, run)
				}
			}
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s: got %v, %v; want %v", name, got, err, c.want)
			}
		}
	})

	t.Run("a run that does not exist is not found by any method", func(t *testing.T) {
		store, ctx, id := open(t), t.Context(), NewRun(t, "").ID
		_, noRun := store.Run(ctx, id)
		_, noUpdate := store.UpdateRun(ctx, id, func(*tracker.Run) error { return nil })
		_, noPoints := store.Points(ctx, id, "x", "")
		_, noTexts := store.Texts(ctx, id, "")
		_, noArtifacts := store.Artifacts(ctx, id)
		_, noTables := store.Tables(ctx, id, "")
		_, noImages := store.Images(ctx, id, "")
		_, noHistograms := store.Histograms(ctx, id, "")
		_, _, noConsole := store.Console(ctx, id, 0)
		_, noArtifact := store.SaveArtifact(ctx, id, "x", began, strings.NewReader("x"))
		_, noImage := store.AddImage(ctx, id, tracker.Image{Key: "x", MIME: "image/png"}, strings.NewReader("x"))
		for name, err := range map[string]error{
			"Run": noRun, "UpdateRun": noUpdate, "Points": noPoints, "Texts": noTexts, "Artifacts": noArtifacts,
			"Heartbeat": store.Heartbeat(ctx, id, began),
			"Log":       store.Log(ctx, id, Samples("x", 1)),
			"AddText":   store.AddText(ctx, id, tracker.Text{Key: "x"}),
			"Tables":    noTables, "Images": noImages, "Histograms": noHistograms, "Console": noConsole,
			"SaveArtifact": noArtifact, "AddImage": noImage,
			"AddTable":       store.AddTable(ctx, id, tracker.Table{Key: "x"}),
			"AddHistogram":   store.AddHistogram(ctx, id, tracker.Histogram{Key: "x", Edges: []float64{0, 1}, Counts: []float64{1}}),
			"AddConsole":     store.AddConsole(ctx, id, []tracker.Console{{Stream: "stdout"}}),
			"RemoveArtifact": store.RemoveArtifact(ctx, id, "x"),
			"EachPoints":     store.EachPoints(ctx, id, "x", "", func([]tracker.Point) error { return nil }),
		} {
			var full *tracker.Error
			if !errors.Is(err, tracker.ErrNotFound) || !errors.As(err, &full) {
				t.Errorf("%s: got %v", name, err)
			}
		}
	})
}

func testUpdates(t *testing.T, open func(t *testing.T) tracker.Store) {
	t.Run("an update is seen by everybody", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "before")
		updated, err := store.UpdateRun(t.Context(), run.ID, func(r *tracker.Run) error {
			r.Name, r.Status, r.Ended, r.Source.Diff = "after", tracker.Finished, began.Add(time.Hour), "kept"
			r.Tags["new"], r.Params["p"] = "yes", 7
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := store.Run(t.Context(), run.ID)
		if err != nil || !reflect.DeepEqual(got, updated) || got.Name != "after" || got.Params["p"] != int64(7) {
			t.Errorf("got %+v, %v; want %+v", got, err, updated)
		}
	})

	t.Run("a failed update leaves the run as it was", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "before")
		refused := errors.New("refused")
		for name, change := range map[string]func(*tracker.Run) error{
			"error":   func(r *tracker.Run) error { r.Name, r.Tags["x"] = "after", "y"; return refused },
			"new ID":  func(r *tracker.Run) error { r.ID = NewRun(t, "").ID; return nil },
			"invalid": func(r *tracker.Run) error { r.Name, r.Status = "after", "?"; return nil },
		} {
			_, err := store.UpdateRun(t.Context(), run.ID, change)
			if !errors.Is(err, refused) && !errors.Is(err, tracker.ErrInvalid) {
				t.Errorf("%s: got %v", name, err)
			}
			if got, err := store.Run(t.Context(), run.ID); err != nil || got.Name != "before" || len(got.Tags) != 0 {
				t.Errorf("%s: got %+v, %v", name, got, err)
			}
		}
	})

	t.Run("updates at the same time are all made", func(t *testing.T) {
		store := open(t)
		run := Create(t, store, "counted")
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				if _, err := store.UpdateRun(t.Context(), run.ID, func(r *tracker.Run) error { r.Session++; return nil }); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if got, err := store.Run(t.Context(), run.ID); err != nil || got.Session != 21 {
			t.Errorf("got %d, %v", got.Session, err)
		}
	})

	t.Run("a heartbeat revives a crashed run but no other", func(t *testing.T) {
		store := open(t)
		for status, want := range map[tracker.Status]tracker.Status{
			tracker.Crashed: tracker.Running, tracker.Running: tracker.Running, tracker.Killed: tracker.Killed,
		} {
			run := NewRun(t, string(status))
			if run.Status = status; status.Ended() {
				run.Ended = began
			}
			if err := store.CreateRun(t.Context(), run); err != nil {
				t.Fatal(err)
			}
			at := began.Add(time.Minute).Truncate(time.Millisecond)
			if err := store.Heartbeat(t.Context(), run.ID, at); err != nil {
				t.Fatal(err)
			}
			got, err := store.Run(t.Context(), run.ID)
			if err != nil || got.Status != want || !got.Heartbeat.Equal(at) || got.Ended.IsZero() == want.Ended() {
				t.Errorf("%s: got %+v, %v", status, got, err)
			}
		}
	})
}
