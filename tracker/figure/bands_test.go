package figure_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"paperlab/plots"
	"paperlab/tracker"
	"paperlab/tracker/figure"
	"paperlab/tracker/runs"
	"paperlab/tracker/storetest"
)

func TestRunsOfOneSettingAreOneBand(t *testing.T) {
	store := storetest.New(t)
	var ids []string
	for i, rate := range []any{0.1, 0.2, 0.1, nil} {
		options := runs.Options{Params: map[string]any{"learning_rate": rate}}
		if rate == nil {
			options.Params = nil
		}
		run, err := runs.Create(t.Context(), store, options)
		if err != nil {
			t.Fatal(err)
		}
		for step := range int64(3) {
			if err := run.Log(t.Context(), step, map[string]float64{"train/loss": float64(i) - float64(step)}); err != nil {
				t.Fatal(err)
			}
		}
		ids = append(ids, run.ID())
	}
	p, err := figure.Bands(t.Context(), store, "train/loss", "learning_rate", ids, figure.Options{Title: "Sweep"})
	if err != nil {
		t.Fatal(err)
	}
	var svg bytes.Buffer
	if err := plots.Write(&svg, p, "svg"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"learning_rate 0.1", "learning_rate 0.2", "learning_rate none", "train/loss", "Sweep"} {
		if n := strings.Count(svg.String(), ">"+name+"<"); n != 1 {
			t.Errorf("%q stands %d times in the figure, want once", name, n)
		}
	}
	byQuery, err := figure.BandsOf(t.Context(), store, "train/loss", runs.Query{Group: "params.learning_rate", Filter: "has(params.learning_rate)"}, figure.Options{Band: figure.Confidence})
	if err != nil {
		t.Fatal(err)
	}
	svg.Reset()
	if err := plots.Write(&svg, byQuery, "svg"); err != nil || !strings.Contains(svg.String(), ">learning_rate 0.1<") || strings.Contains(svg.String(), "learning_rate none") {
		t.Errorf("%v, %.200s", err, svg.String())
	}
	if p.Y.Min > -2 || p.Y.Max < 3 {
		t.Errorf("the axis from %v to %v does not hold the bands", p.Y.Min, p.Y.Max)
	}
	if _, err := figure.Bands(t.Context(), store, "train/loss", "learning_rate", append(ids, "01m891em0epd5sn276fdacgq8d"), figure.Options{}); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("%v", err)
	}
}
