package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"paperlab/tracker"
)

func testChanges(t *testing.T, open func(t *testing.T) tracker.Store) {
	t.Run("each change names its run", func(t *testing.T) { testEachChange(t, open(t)) })
	t.Run("none is missed while many write", func(t *testing.T) { testNoChangeIsMissed(t, open(t)) })
}

func testEachChange(t *testing.T, store tracker.Store) {
	ctx := t.Context()
	a, b := Create(t, store, "a"), Create(t, store, "b")
	since := int64(0)
	// settle reads changes until there are none, and returns the runs that were named. A store may name a run twice.
	settle := func() (named []string) {
		t.Helper()
		for range 1000 {
			runs, now, err := store.Changes(ctx, since)
			if err != nil {
				t.Fatal(err)
			}
			if now < since {
				t.Fatalf("the newest revision went back from %d to %d", since, now)
			}
			since = now
			if len(runs) == 0 {
				slices.Sort(named)
				return slices.Compact(named)
			}
			named = append(named, runs...)
		}
		t.Fatal("there is always something new")
		return nil
	}
	if got := settle(); len(got) != 2 || !slices.Contains(got, a.ID) || !slices.Contains(got, b.ID) {
		t.Errorf("from the beginning: got %v", got)
	}
	if err := store.Heartbeat(ctx, a.ID, began); err != nil {
		t.Fatal(err)
	}
	if got := settle(); len(got) != 0 {
		t.Errorf("after a heartbeat: got %v", got)
	}
	for name, change := range map[string]func() error{
		"points":  func() error { return store.Log(ctx, a.ID, Samples("x", 1)) },
		"text":    func() error { return store.AddText(ctx, a.ID, tracker.Text{Key: "x"}) },
		"console": func() error { return store.AddConsole(ctx, a.ID, []tracker.Console{{Stream: "stdout", Text: "x"}}) },
		"table":   func() error { return store.AddTable(ctx, a.ID, tracker.Table{Key: "x"}) },
		"histogram": func() error {
			return store.AddHistogram(ctx, a.ID, tracker.Histogram{Key: "x", Edges: []float64{0, 1}, Counts: []float64{1}})
		},
		"image": func() error {
			_, err := store.AddImage(ctx, a.ID, tracker.Image{Key: "x", MIME: "image/png"}, strings.NewReader("x"))
			return err
		},
		"artifact": func() error {
			_, err := store.SaveArtifact(ctx, a.ID, "x", began, strings.NewReader("x"))
			return err
		},
		"the run": func() error {
			_, err := store.UpdateRun(ctx, a.ID, func(r *tracker.Run) error { r.Notes += "x"; return nil })
			return err
		},
		"the bin": func() error {
			_, err := store.UpdateRun(ctx, a.ID, func(r *tracker.Run) error { r.Deleted = began; return nil })
			return err
		},
		"a new life": func() error {
			_, err := store.UpdateRun(ctx, a.ID, func(r *tracker.Run) error { r.Status = tracker.Crashed; return nil })
			return errors.Join(err, store.Heartbeat(ctx, a.ID, began.Add(time.Second)))
		},
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if got := settle(); !slices.Equal(got, []string{a.ID}) {
			t.Errorf("%s: got %v", name, got)
		}
	}
	before := since
	if _, err := store.UpdateProject(ctx, "default", func(p *tracker.Project) error { p.Tags["x"] = "y"; return nil }); err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if settle(); since > before {
			return
		}
	}
	t.Error("a change of a project gave no new revision")
}

// testNoChangeIsMissed keeps a list of runs up to date by what Changes names, while writers log to them.
func testNoChangeIsMissed(t *testing.T, store tracker.Store) {
	const writers, calls = 6, 15
	ctx := t.Context()
	var runs []string
	for w := range writers {
		runs = append(runs, Create(t, store, fmt.Sprint("run ", w)).ID)
	}
	var group sync.WaitGroup
	for _, run := range runs {
		group.Go(func() {
			if err := LogOneByOne(ctx, store, run, "x", calls); err != nil {
				t.Error(err)
			}
			if _, err := store.UpdateRun(ctx, run, func(r *tracker.Run) error { r.Notes = "done"; return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	done := make(chan struct{})
	go func() { group.Wait(); close(done) }()
	known := map[string]string{}
	since := int64(0)
	for over := false; ; {
		named, now, err := store.Changes(ctx, since)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range named {
			known[id] = state(t, store, id)
		}
		if over && len(named) == 0 {
			break
		}
		since = now
		select {
		case <-done:
			over = true
		default:
		}
	}
	for _, id := range runs {
		if want := state(t, store, id); known[id] != want {
			t.Errorf("run %s is %q, and the list says %q", id, want, known[id])
		}
	}
}

// state describes what a run has come to.
func state(t *testing.T, store tracker.Store, id string) string {
	t.Helper()
	run, err := store.Run(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	series, err := store.Series(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	text := run.Notes
	for _, s := range series {
		text += fmt.Sprintf(" %s=%v after %d", s.Key, s.Last.Value, s.Count)
	}
	return text
}
