package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/bench/table"
)

// What `make bench` has to print, by its name of work, and the ratio asked for.
var asked = map[string]float64{
	"t5-step-fp32": 2.8, "t5-step-bf16": 2.5, "t5-step-default": 5, "t5-memory": 1.9, "beams-fp32": 7, "beams-bf16": 11,
	"encode-fp32": 2.2, "encode-bf16": 1.9, "encode-one": 5, "mnrl-fp32": 2.4, "mnrl-bf16": 4.5, "prepare-articles": 20,
	"rouge": 30, "rouge-stem": 30, "log-durable": 10, "log-durable-aim": 1, "log-batch": 40, "log-batch-aim": 1,
	"kernel-ready": 8, "cell": 3.3,
}

func TestEveryRowThatWasAskedForIsThere(t *testing.T) {
	reach := map[string]float64{}
	for _, row := range rows {
		if _, twice := reach[row.Work]; twice {
			t.Errorf("two rows are named %s", row.Work)
		}
		reach[row.Work] = row.Reach
	}
	for work, want := range asked {
		if got, ok := reach[work]; !ok || got != want {
			t.Errorf("%s asks for %g, not for %g", work, got, want)
		}
	}
}

func TestEveryRowHasItsTwoMeasurements(t *testing.T) {
	used := map[string]bool{}
	for _, row := range rows {
		if row.Missing != "" {
			continue
		}
		used[row.Ours] = true
		if _, ok := measurements[row.Ours]; !ok && !strings.HasPrefix(row.Ours, "bench-") {
			t.Errorf("%s: we have no measurement %q", row.Work, row.Ours)
		}
		if script, _, _ := strings.Cut(row.Peer, " "); strings.HasSuffix(script, ".py") {
			if _, err := os.Stat(filepath.Join("peers", script)); err != nil {
				t.Errorf("%s: %v", row.Work, err)
			}
		} else if script == "" && row.Aim == 0 {
			t.Errorf("%s has neither peer nor aim", row.Work)
		}
	}
	for name, m := range measurements {
		if !used[name] {
			t.Errorf("no row uses measurement %s", name)
		}
		for _, in := range m.needs {
			if makers[in] == nil {
				t.Errorf("%s: nobody makes %s", name, in)
			}
		}
	}
}

func TestRowsAreChosenByName(t *testing.T) {
	chosen, err := choose([]string{"rouge", "cell"})
	if err != nil || len(chosen) != 2 || chosen[0].Work != "rouge" || chosen[1].Work != "cell" {
		t.Errorf("%v, %v", chosen, err)
	}
	if all, err := choose(nil); err != nil || len(all) != len(rows) {
		t.Errorf("%d rows of %d, %v", len(all), len(rows), err)
	}
	if _, err := choose([]string{"speed"}); err == nil || !strings.Contains(err.Error(), "rouge-stem") {
		t.Errorf("error %v does not list the names", err)
	}
}

func TestARowSaysWhatItLacksWhereThereIsNoData(t *testing.T) {
	t.Setenv("PAPERLAB_DATA", "")
	chosen, err := choose([]string{"prepare-articles", "cell"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := prepare(t.Context(), t.Output(), chosen, t.TempDir())
	if err != nil || !strings.Contains(got[0].Missing, "PAPERLAB_DATA") || got[1].Missing != "" {
		t.Errorf("%+v, %v", got, err)
	}
	if i := slices.IndexFunc(rows, func(r table.Row) bool { return r.Work == "prepare-articles" }); rows[i].Missing != "" {
		t.Error("the table itself was changed")
	}
}
