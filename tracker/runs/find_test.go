package runs_test

import (
	"errors"
	"strings"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/runs"
	"paperlab/tracker/storetest"
)

func TestFind(t *testing.T) {
	store := open(t)
	ids := map[string]string{}
	for i, id := range []string{"01k0z6v8mhk2t6gq6v0wz3n5tb", "01k0z7v8mhk2t6gq6v0wz3n5tb", "01k0z8v8mhk2t6gq6v0wz3n5tb"} {
		run := storetest.NewRun(t, []string{"baseline", "tuned", "baseline"}[i])
		run.ID, run.Started = id, run.Started.AddDate(0, 0, i)
		if err := store.CreateRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		ids[string(rune('a'+i))] = id
	}
	for what, want := range map[string]string{
		ids["a"]: ids["a"], strings.ToUpper(ids["b"]): ids["b"], "01k0z7": ids["b"], "tuned": ids["b"], "baseline": ids["c"],
	} {
		if got, err := runs.Find(t.Context(), store, what); err != nil || got != want {
			t.Errorf("%s: got %s, %v; want %s", what, got, err, want)
		}
	}
	for what, want := range map[string]error{
		"01k0z": tracker.ErrInvalid, "none": tracker.ErrNotFound, "": tracker.ErrNotFound, "01k0z9v8mhk2t6gq6v0wz3n5tb": tracker.ErrNotFound,
	} {
		var hinted interface{ Hint() string }
		if _, err := runs.Find(t.Context(), store, what); !errors.Is(err, want) || !errors.As(err, &hinted) || hinted.Hint() == "" {
			t.Errorf("%q: got %v", what, err)
		}
	}
}
