package runs_test

import (
	"strings"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/runs"
	"paperlab/tracker/storetest"
)

func TestDiffShowsWhatMadeTwoRunsDiffer(t *testing.T) {
	store := open(t)
	for i, name := range []string{"old", "new", "new too"} {
		run := storetest.NewRun(t, name)
		run.Params = tracker.Params{"model": "t5", "lr": []float64{0.1, 0.2, 0.2}[i], "note": []any{"a\nb", nil, nil}[i]}
		run.Source = tracker.Source{Command: "train", Commit: "abc", Diff: []string{"", "+x\n", "+x\n"}[i]}
		run.Machine.Env = map[string]string{"go": "go1.26"}
		if err := store.CreateRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		body := []string{"lr := 0.1\nrun()", "lr := 0.2\nrun()", "lr := 0.2\nrun()"}[i]
		if err := store.AddText(t.Context(), run.ID, tracker.Text{Key: "source/cell", Step: 3, Session: 1, Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	differences, err := runs.Diff(t.Context(), store, "old", "new")
	if err != nil {
		t.Fatal(err)
	}
	var parts, all string
	for _, d := range differences {
		parts += d.Part + " "
		all += d.Unified
	}
	if parts != "params changes cells " {
		t.Errorf("got %s", parts)
	}
	for _, want := range []string{"--- old/params\n+++ new/params\n", "-lr = 0.1\n+lr = 0.2\n model = t5\n", `-note = a\nb` + "\n", "+++ new/changes\n", "++x\n", " // In [3]\n-lr := 0.1\n+lr := 0.2\n run()\n"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
	if same, err := runs.Diff(t.Context(), store, "new", "new too"); err != nil || len(same) != 0 {
		t.Errorf("two equal runs differ: %v, %v", same, err)
	}
}
