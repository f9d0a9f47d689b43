package runs_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/query"
	"paperlab/tracker/runs"
	"paperlab/tracker/storetest"
)

// sweep stores four runs: two learning rates with two seeds each; of the last, nothing was logged.
func sweep(t *testing.T) tracker.Store {
	t.Helper()
	store := open(t)
	for i, name := range []string{"a", "b", "c", "d"} {
		run := storetest.NewRun(t, name)
		run.Status, run.Params = tracker.Finished, tracker.Params{"lr": []any{0.1, 0.1, 0.2, 0.2}[i], "seed": int64(i % 2), "batch size": int64(8)}
		run.Started = run.Started.Add(time.Duration(i) * time.Hour)
		run.Ended = run.Started.Add(time.Hour)
		if err := store.CreateRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		if name == "d" {
			continue
		}
		if err := store.Log(t.Context(), run.ID, storetest.Samples("eval/loss", 9, float64(i), float64(i)+1)); err != nil {
			t.Fatal(err)
		}
	}
	return store
}

func TestSelectFiltersSortsAndLimits(t *testing.T) {
	store := sweep(t)
	for _, c := range []struct {
		query runs.Query
		want  string
	}{
		{runs.Query{}, "d c b a"},
		{runs.Query{Filter: `params.lr == 0.1`}, "b a"},
		{runs.Query{Filter: `min("eval/loss") < 2 && at("eval/loss", 0) == 9`, Sort: `min("eval/loss")`}, "a b"},
		{runs.Query{Sort: `-last("eval/loss")`}, "c b a d"},
		{runs.Query{Sort: `params.seed, -params.lr`}, "c a d b"},
		{runs.Query{Sort: `started`, Limit: 2}, "a b"},
		{runs.Query{Project: "default", Limit: 1}, "d"},
		{runs.Query{Project: "another"}, ""},
		{runs.Query{Deleted: true}, ""},
		{runs.Query{Limit: 9, Filter: `status == "failed"`}, ""},
		{runs.Query{Filter: `started > ago("100m")`, Clock: func() time.Time { return time.Date(2026, 3, 14, 18, 10, 0, 0, time.UTC) }}, "d c"},
	} {
		found, err := c.query.Select(t.Context(), store)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, s := range found {
			names = append(names, s.Run.Name)
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%+v: got %s, want %s", c.query, got, c.want)
		}
	}
}

func TestTableOfAQuery(t *testing.T) {
	view, err := runs.Query{Sort: "started", Columns: `name, params.lr as lr, min("eval/loss")`, Limit: 2}.Table(t.Context(), sweep(t))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(view.Header, []string{"name", "lr", `min("eval/loss")`}) || len(view.Rows) != 2 || !slices.Equal(view.Rows[1], []string{"b", "0.1", "1"}) || view.Values[1][2] != 1.0 {
		t.Errorf("got %+v", view)
	}
}

func TestTableWithoutColumnsHasAll(t *testing.T) {
	view, err := runs.Query{}.Table(t.Context(), sweep(t))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"id", "project", "name", "status", "started", "duration", "params.lr", "params.seed", `params["batch size"]`, `last("eval/loss")`, `min("eval/loss")`}
	if !slices.Equal(view.Header, want) || len(view.Rows) != 4 || !slices.Equal(view.Rows[1][5:], []string{"1h0m0s", "0.2", "0", "8", "3", "2"}) {
		t.Errorf("got %q %q", view.Header, view.Rows)
	}
}

func TestGroupsShowWhatTheirRunsHaveInCommon(t *testing.T) {
	view, err := runs.Query{Group: "params.lr as lr", Sort: `min("eval/loss")`, Columns: `status, name, params.seed, min("eval/loss")`}.Table(t.Context(), sweep(t))
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"0.1", "2", "finished", "2 values", "0.5 ± 0.71", "0.5 ± 0.71"},
		{"0.2", "2", "finished", "2 values", "0.5 ± 0.71", "2 ± 0"},
	}
	if !slices.Equal(view.Header, []string{"lr", "runs", "status", "name", "params.seed", `min("eval/loss")`}) || !slices.EqualFunc(view.Rows, want, slices.Equal) {
		t.Errorf("got %q %q", view.Header, view.Rows)
	}
	if spread, ok := view.Values[0][5].(query.Spread); !ok || spread.Count != 2 || spread.Min != 0 || spread.Max != 1 {
		t.Errorf("got %+v", view.Values[0][5])
	}
	usual, err := runs.Query{Group: "params.lr", Limit: 1}.Table(t.Context(), sweep(t))
	if err != nil || !slices.Equal(usual.Header, []string{"params.lr", "runs", `last("eval/loss")`, `min("eval/loss")`}) || len(usual.Rows) != 1 {
		t.Errorf("got %+v, %v", usual, err)
	}
}

func TestGroupsHoldTheirRuns(t *testing.T) {
	store := sweep(t)
	groups, err := runs.Query{Group: `params.lr, params["x"] as x`, Sort: "started", Filter: `name != "d"`}.Groups(t.Context(), store)
	if err != nil || len(groups) != 2 || groups[0].Name != "lr 0.1, x none" || len(groups[0].Runs) != 2 || groups[1].Name != "lr 0.2, x none" || groups[1].Runs[0].Run.Name != "c" {
		t.Errorf("got %+v, %v", groups, err)
	}
	if all, err := (runs.Query{}).Groups(t.Context(), store); err != nil || len(all) != 1 || all[0].Name != "" || len(all[0].Runs) != 4 {
		t.Errorf("got %+v, %v", all, err)
	}
}

func TestAQueryTellsWhatNoRunHas(t *testing.T) {
	store := sweep(t)
	if unknown, err := (runs.Query{Filter: `params.lrr < 1 && params.lr < 1`}).Unknown(t.Context(), store); err != nil || !slices.Equal(unknown, []string{"no run has params.lrr: did you mean params.lr?"}) {
		t.Errorf("got %q, %v", unknown, err)
	}
	if unknown, err := (runs.Query{Project: "none", Filter: `params.lrr < 1`}).Unknown(t.Context(), store); err != nil || unknown != nil {
		t.Errorf("where there are no runs: got %q, %v", unknown, err)
	}
}

func TestAQueryThatCannotBeReadSaysWhere(t *testing.T) {
	store := sweep(t)
	for name, q := range map[string]runs.Query{
		"filter": {Filter: "true && x"}, "sort": {Sort: "name, -x"}, "columns": {Columns: "id, x"}, "group": {Group: "name, x"},
	} {
		var wrong *query.Error
		if _, err := q.Table(t.Context(), store); !errors.As(err, &wrong) || wrong.Column < 5 || !strings.HasPrefix(err.Error(), name+": column ") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
