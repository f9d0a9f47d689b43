package plots_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"paperlab/plots"
)

func TestBarsStandOnZero(t *testing.T) {
	for name, c := range map[string]struct {
		heights []float64
		lo, hi  float64
	}{
		"upwards":            {[]float64{2, 4}, 0, 4.2},
		"downwards":          {[]float64{-4, -2}, -4.2, 0},
		"both ways":          {[]float64{-10, 10}, -11, 11},
		"of no height":       {[]float64{0, 0}, 0, 1},
		"none that is drawn": {[]float64{math.NaN(), math.Inf(1)}, 0, 1},
	} {
		p, err := plots.Bars("value", []string{"a", "b"}, []plots.Series{{Name: "s", Y: c.heights}}, plots.Options{})
		if err != nil || math.Abs(p.Y.Min-c.lo) > 1e-9 || math.Abs(p.Y.Max-c.hi) > 1e-9 {
			t.Errorf("%s: from %v to %v, %v; want %v to %v", name, p.Y.Min, p.Y.Max, err, c.lo, c.hi)
		}
	}
}

func TestBarsAreNamedByTheirGroups(t *testing.T) {
	p, err := plots.Bars("value", []string{"mrr@10", "map@100"}, []plots.Series{{Y: []float64{1, 2}}}, plots.Options{Title: "Retrieval"})
	if err != nil {
		t.Fatal(err)
	}
	var labels []string
	for _, tick := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		labels = append(labels, tick.Label)
	}
	if p.Title.Text != "Retrieval" || p.Y.Label.Text != "value" || !slices.Equal(labels, []string{"mrr@10", "map@100"}) {
		t.Errorf("%q, %q, %v", p.Title.Text, p.Y.Label.Text, labels)
	}
}

func TestASeriesNeedsABarInEachGroup(t *testing.T) {
	_, err := plots.Bars("value", []string{"a", "b"}, []plots.Series{{Name: "short", Y: []float64{1}}}, plots.Options{})
	if err == nil || !strings.Contains(err.Error(), `"short" has 1 values for 2 groups`) {
		t.Errorf("%v", err)
	}
}
