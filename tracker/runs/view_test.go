package runs_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/runs"
	"paperlab/tracker/storetest"
)

// twoRuns stores two runs that differ in a parameter, and what they have in common.
func twoRuns(t *testing.T) (store tracker.Store, ids []string) {
	t.Helper()
	store = open(t)
	for i, name := range []string{"a", "<b>"} {
		run := storetest.NewRun(t, name)
		run.Status, run.Params = tracker.Finished, tracker.Params{"lr": float64(i + 1), "model": "t5"}
		run.Started = run.Started.AddDate(0, 0, i)
		run.Ended = run.Started.AddDate(0, 0, 1)
		if err := store.CreateRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		if err := store.Log(t.Context(), run.ID, storetest.Samples("eval/loss", 3, 1.5, 2+float64(i))); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, run.ID)
	}
	if err := store.Log(t.Context(), ids[0], storetest.Samples("rouge/rouge1", 0.25)); err != nil {
		t.Fatal(err)
	}
	return store, ids
}

func TestTable(t *testing.T) {
	store, ids := twoRuns(t)
	view, err := runs.Query{}.Table(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	header := []string{"id", "project", "name", "status", "started", "duration",
		"params.lr", "params.model", `last("eval/loss")`, `min("eval/loss")`, `last("rouge/rouge1")`, `min("rouge/rouge1")`}
	if !slices.Equal(view.Header, header) {
		t.Errorf("got %q", view.Header)
	}
	newest, oldest := view.Rows[0], view.Rows[1]
	if newest[0] != ids[1] || !slices.Equal(newest[5:], []string{"24h0m0s", "2", "t5", "3", "1.5", "", ""}) {
		t.Errorf("got %q", newest)
	}
	if oldest[0] != ids[0] || !slices.Equal(oldest[5:], []string{"24h0m0s", "1", "t5", "2", "1.5", "0.25", "0.25"}) {
		t.Errorf("got %q", oldest)
	}
	if text := view.String(); !strings.Contains(text, `min("eval/loss")`) || strings.Count(text, "\n") != 5 {
		t.Errorf("got\n%s", text)
	}
	if html := view.HTML(); !strings.Contains(html, "&lt;b&gt;") || strings.Contains(html, "<b>") || !strings.HasPrefix(html, "<table") {
		t.Errorf("got\n%s", html)
	}
}

func TestTheParametersThatDiffer(t *testing.T) {
	store, _ := twoRuns(t)
	all, err := runs.List(t.Context(), store, tracker.RunFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if got := runs.Differing(all); !slices.Equal(got, []string{"lr"}) {
		t.Errorf("%q", got)
	}
	if got := runs.Differing(all[:1]); len(got) != 0 {
		t.Errorf("of one run: %q", got)
	}
}

func TestCompare(t *testing.T) {
	store, ids := twoRuns(t)
	if err := store.Log(t.Context(), ids[1], storetest.Samples("system/cpu_percent", 99)); err != nil {
		t.Fatal(err)
	}
	view, err := runs.Compare(t.Context(), store, ids...)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(view.Header, []string{"", "a", "<b>"}) {
		t.Errorf("got %q", view.Header)
	}
	want := [][]string{
		{"id", ids[0], ids[1]}, {"status", "finished", "finished"}, {"duration", "24h0m0s", "24h0m0s"}, {"params.lr", "1", "2"},
		{"last eval/loss", "2", "3"}, {"min eval/loss", "1.5", "1.5"}, {"max eval/loss", "3", "3"},
		{"last rouge/rouge1", "0.25", ""}, {"min rouge/rouge1", "0.25", ""}, {"max rouge/rouge1", "0.25", ""},
	}
	if !slices.EqualFunc(view.Rows, want, slices.Equal) {
		t.Errorf("got %q", view.Rows)
	}
	chosen, err := runs.CompareSeries(t.Context(), store, []string{"rouge/rouge1"}, "a", "latest")
	if err != nil || len(chosen.Rows) != 7 || !slices.Equal(chosen.Rows[6], []string{"max rouge/rouge1", "0.25", ""}) {
		t.Errorf("got %+v, %v", chosen, err)
	}
	if _, err := runs.CompareSeries(t.Context(), store, []string{"rouge/rouge2"}, ids...); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := runs.Compare(t.Context(), store, ids[0], "none"); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestATableWithoutRowsSaysSo(t *testing.T) {
	view := &runs.View{Header: []string{"name", "loss"}}
	want := "┌──────┬──────┐\n│ name │ loss │\n├──────┼──────┤\n│ none │      │\n└──────┴──────┘"
	if view.String() != want {
		t.Errorf("got\n%s", view)
	}
}
