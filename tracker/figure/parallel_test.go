package figure_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/tracker/figure"
	"paperlab/tracker/runs"
	"paperlab/tracker/storetest"
)

func TestRunsAreDrawnAcrossTheColumnsOfAQuery(t *testing.T) {
	store := storetest.New(t)
	for i, rate := range []float64{1e-5, 1e-4, 1e-2} {
		run, err := runs.Create(t.Context(), store, runs.Options{Params: map[string]any{"lr": rate, "optimizer": []string{"adamw", "sgd", "sgd"}[i]}})
		if err != nil {
			t.Fatal(err)
		}
		if err := run.Log(t.Context(), 1, map[string]float64{"eval/loss": float64(i)}); err != nil {
			t.Fatal(err)
		}
	}
	q := runs.Query{Columns: `params.lr, params.optimizer, params.none, min("eval/loss") as loss`}
	p, err := figure.Parallel(t.Context(), store, q, figure.Options{Title: "Sweep"})
	if err != nil {
		t.Fatal(err)
	}
	var svg bytes.Buffer
	if err := figure.Write(&svg, p, "svg"); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"lr", "1e-5", "0.0001", "0.01", "optimizer", "adamw", "sgd", "none", "loss", "Sweep"} {
		if !strings.Contains(svg.String(), ">"+text+"<") {
			t.Errorf("%q is missing", text)
		}
	}
	path := filepath.Join(t.TempDir(), "sweep.pdf")
	if err := figure.SaveAs(p, figure.Options{Column: true}, path); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
	if _, err := figure.Parallel(t.Context(), store, runs.Query{Group: "name"}, figure.Options{}); err == nil {
		t.Error("groups were drawn")
	}
}
