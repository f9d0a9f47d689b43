package runs_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/runs"
	"paperlab/tracker/storetest"
)

// fourRuns stores a and c of one name, b of another, and x in the bin.
func fourRuns(t *testing.T) (store tracker.Store, ids map[string]string) {
	t.Helper()
	store = open(t)
	ids = map[string]string{}
	for i, id := range []string{"01k0z6v8mhk2t6gq6v0wz3n5tb", "01k0z7v8mhk2t6gq6v0wz3n5tb", "01k0z8v8mhk2t6gq6v0wz3n5tb", "01k0y8v8mhk2t6gq6v0wz3n5tb"} {
		run := storetest.NewRun(t, []string{"baseline", "tuned", "baseline", "thrown away"}[i])
		run.ID, run.Started = id, run.Started.AddDate(0, 0, i)
		if err := store.CreateRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		if err := store.Log(t.Context(), id, storetest.Samples("eval/loss", 5, float64(3-i), 7+float64(i%2))); err != nil {
			t.Fatal(err)
		}
		ids[string("abcx"[i])] = id
	}
	if _, err := store.UpdateRun(t.Context(), ids["x"], func(r *tracker.Run) error { r.Deleted = time.Now(); return nil }); err != nil {
		t.Fatal(err)
	}
	return store, ids
}

func TestFind(t *testing.T) {
	store, ids := fourRuns(t)
	for what, want := range map[string]string{
		ids["a"]: ids["a"], strings.ToUpper(ids["b"]): ids["b"], "01k0z7": ids["b"], "tuned": ids["b"], "baseline": ids["c"], ids["x"]: ids["x"],
		"latest": ids["c"], "best(eval/loss)": ids["c"], "best(eval/loss, max)": ids["b"], `best("eval/loss",min)`: ids["c"], "best( eval/loss )": ids["c"],
	} {
		if got, err := runs.Find(t.Context(), store, what); err != nil || got != want {
			t.Errorf("%s: got %s, %v; want %s", what, got, err, want)
		}
	}
	for what, want := range map[string]error{
		"01k0z": tracker.ErrInvalid, "none": tracker.ErrNotFound, "": tracker.ErrNotFound, "01k0z9v8mhk2t6gq6v0wz3n5tb": tracker.ErrNotFound,
		"best(loss)": tracker.ErrNotFound, "best()": tracker.ErrNotFound, "01k0y8": tracker.ErrNotFound, "thrown away": tracker.ErrNotFound,
	} {
		var hinted interface{ Hint() string }
		if _, err := runs.Find(t.Context(), store, what); !errors.Is(err, want) || !errors.As(err, &hinted) || hinted.Hint() == "" {
			t.Errorf("%q: got %v", what, err)
		}
	}
	if _, err := runs.Find(t.Context(), open(t), "latest"); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("the latest of none: got %v", err)
	}
}

func TestFindDeleted(t *testing.T) {
	store, ids := fourRuns(t)
	for _, what := range []string{ids["x"], "01k0y8", "thrown away", "latest"} {
		if got, err := runs.FindDeleted(t.Context(), store, what); err != nil || got != ids["x"] {
			t.Errorf("%s: got %s, %v", what, got, err)
		}
	}
	for _, what := range []string{ids["a"], "baseline"} {
		if _, err := runs.FindDeleted(t.Context(), store, what); !errors.Is(err, tracker.ErrNotFound) {
			t.Errorf("%s: got %v", what, err)
		}
	}
}
