package query_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/query"
)

func TestColumnsHaveTitlesAndValues(t *testing.T) {
	columns, err := query.ParseColumns(` name, params.lr as lr ,min("eval/loss") as "best, so far",at("eval/loss", 100), duration, started, params.betas, params.x`)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"name", "lr", "best, so far", `at("eval/loss", 100)`, "duration", "started", "params.betas", "params.x"}; !slices.Equal(columns.Titles(), want) {
		t.Errorf("got %q", columns.Titles())
	}
	if columns[1].Text != "params.lr" || columns[2].Text != `min("eval/loss")` || columns[3].Text != columns[3].Title {
		t.Errorf("got %q, %q, %q", columns[1].Text, columns[2].Text, columns[3].Text)
	}
	values, err := columns.Values(tuned())
	if err != nil {
		t.Fatal(err)
	}
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = query.Text(value)
	}
	if want := []string{"t5-small tuned", "5e-05", "2.2", "3.1", "2h0m0s", "2026-03-14T09:00:00Z", "[0.9,0.999]", ""}; !slices.Equal(texts, want) {
		t.Errorf("got %q", texts)
	}
	if _, ok := values[4].(time.Duration); !ok {
		t.Errorf("a duration came as %T", values[4])
	}
}

func TestNoColumns(t *testing.T) {
	if columns, err := query.ParseColumns(" \n"); err != nil || len(columns) != 0 {
		t.Errorf("got %v, %v", columns, err)
	}
}

func TestErrorsInListsPointIntoTheWholeText(t *testing.T) {
	for text, column := range map[string]int{
		"name, lossy": 7, "name,": 6, ",name": 1, "name,,id": 6, "name as": 6, "name as x y": 6, "name, min(loss)": 11, "name as 'x'": 6, "é, name": 1, "name as é, lossy": 12,
		"name; id": 5, "(name, id": 6, "name)": 5,
	} {
		var wrong *query.Error
		if _, err := query.ParseColumns(text); !errors.As(err, &wrong) || wrong.Column != column {
			t.Errorf("%s: got %v, want column %d", text, err, column)
		}
	}
	for text, column := range map[string]int{"-lossy": 2, "name,  - lossy": 10, "--name": 3, "-": 2, "name, -": 8, `-last("loss") as x`: 15} {
		var wrong *query.Error
		if _, err := query.ParseSort(text); !errors.As(err, &wrong) || wrong.Column != column {
			t.Errorf("sort by %s: got %v, want column %d", text, err, column)
		}
	}
}

func named(name string, params tracker.Params) query.Row {
	return query.NewRow(&tracker.Run{Name: name, Params: params, Started: now}, nil, now, nil)
}

func TestSort(t *testing.T) {
	rows := []query.Row{
		named("none", nil), named("nan", tracker.Params{"x": math.NaN()}), named("two", tracker.Params{"x": int64(2)}), named("text", tracker.Params{"x": "t5"}),
		named("ten", tracker.Params{"x": 10.0}), named("minus", tracker.Params{"x": int64(-1)}), named("also two", tracker.Params{"x": 2.0}), named("yes", tracker.Params{"x": true}),
	}
	for text, want := range map[string]string{
		"":                "none nan two text ten minus also two yes",
		"params.x":        "yes minus two also two ten text none nan",
		"-params.x":       "text ten two also two minus yes none nan",
		"params.x, name":  "yes minus also two two ten text nan none",
		"-params.x,-name": "text ten two also two minus yes none nan",
		"-(-params.x)":    "minus two also two ten none nan text yes",
		"duration, name":  "also two minus nan none ten text two yes",
	} {
		sort, err := query.ParseSort(text)
		if err != nil {
			t.Fatal(err)
		}
		sorted := slices.Clone(rows)
		if err := sort.Rows(sorted); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, row := range sorted {
			names = append(names, row.Run.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("by %q:\ngot  %s\nwant %s", text, got, want)
		}
	}
}

func TestGroup(t *testing.T) {
	rows := []query.Row{
		named("a", tracker.Params{"lr": 1.0, "seed": int64(1)}), named("b", tracker.Params{"lr": 2.0, "seed": int64(1)}), named("c", tracker.Params{"lr": int64(1), "seed": int64(2)}),
		named("d", nil), named("e", tracker.Params{"lr": "-"}), named("f", tracker.Params{"lr": ""}), named("g", tracker.Params{"lr": "1"}), named("h", tracker.Params{"lr": 1.0, "seed": int64(2)}),
	}
	by, err := query.ParseColumns("params.lr")
	if err != nil {
		t.Fatal(err)
	}
	groups, err := by.Group(rows)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, g := range groups {
		names := query.Text(g.Values[0]) + ":"
		for _, row := range g.Rows {
			names += row.Run.Name
		}
		got = append(got, names)
	}
	if want := []string{"1:ach", "2:b", ":d", "-:e", ":f", "1:g"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSpread(t *testing.T) {
	spread, ok := query.NewSpread([]any{int64(1), 2.0, 6.0, nil, "x", math.NaN(), math.Inf(1)})
	if want := (query.Spread{Count: 3, Mean: 3, Std: math.Sqrt(7), Min: 1, Max: 6}); !ok || math.Abs(spread.Std-want.Std) > 1e-12 || spread.Count != 3 || spread.Mean != 3 || spread.Min != 1 || spread.Max != 6 {
		t.Errorf("got %+v, want %+v", spread, want)
	}
	if spread, ok := query.NewSpread([]any{5.0}); !ok || spread.Std != 0 || spread.Mean != 5 {
		t.Errorf("got %+v", spread)
	}
	if _, ok := query.NewSpread([]any{nil, math.NaN()}); ok {
		t.Error("nothing has a spread")
	}
}
