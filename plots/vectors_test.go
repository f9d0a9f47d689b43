package plots_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot"

	"paperlab/plots"
)

func svgTexts(t *testing.T, p *plot.Plot, err error) []string {
	t.Helper()
	return texts(t, scene{"", func() (*plot.Plot, error) { return p, err }})
}

func TestTheHeatMapShowsCosines(t *testing.T) {
	p, err := plots.SimilarityHeatMap([]string{"a", "b", "c"}, []float32{1, 0, 3, 4, -2, 0}, plots.Options{Title: "T"})
	all := svgTexts(t, p, err)
	count := func(text string) (n int) {
		for _, s := range all {
			if s == text {
				n++
			}
		}
		return n
	}
	// 1 0 against 3 4 is 0.6, against -2 0 is -1; 3 4 against -2 0 is -0.6; each of them twice.
	if count("0.60") != 2 || count("-0.60") != 2 || count("-1.00") != 2 || count("1.00") != 3 || count("a") != 2 || count("cosine") != 1 || count("T") != 1 {
		t.Errorf("got %q", all)
	}
}

func TestHeatMapsOfOddValues(t *testing.T) {
	p, err := plots.HeatMap("x", []string{"r"}, []string{"c", "d"}, [][]float64{{math.NaN(), math.Inf(1)}}, plots.Options{})
	if all := svgTexts(t, p, err); !slices.Contains(all, "r") || slices.Contains(all, "NaN") {
		t.Errorf("got %q", all)
	}
	p, err = plots.HeatMap("x", nil, nil, nil, plots.Options{})
	if all := svgTexts(t, p, err); !slices.Contains(all, "no data") {
		t.Errorf("got %q", all)
	}
	if _, err := plots.HeatMap("x", []string{"r"}, []string{"c"}, nil, plots.Options{}); err == nil {
		t.Error("a row is missing")
	}
	if _, err := plots.HeatMap("x", []string{"r"}, []string{"c", "d"}, [][]float64{{1}}, plots.Options{}); err == nil || !strings.Contains(err.Error(), `row "r"`) {
		t.Errorf("%v", err)
	}
}

// Four points on a line in space, with a little of a second direction: the first component holds the distances along it.
func TestTheMapKeepsDistancesAlongTheLargestDirection(t *testing.T) {
	vectors := []float32{0, 0, 0, 3, 4, 0, 6, 8, 0, 9, 12, 0.5}
	p, err := plots.EmbeddingMap(vectors, []string{"a", "b", "c", "d"}, []string{"x", "x", "y", "y"}, plots.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// 15 long, and a twentieth of it free on both sides.
	if got := p.X.Max - p.X.Min; math.Abs(got-15*1.1) > 0.1 || math.Abs(p.X.Max+p.X.Min) > 0.1 {
		t.Errorf("from %v to %v", p.X.Min, p.X.Max)
	}
	if p.X.Label.Text != "component 1 (100 %)" || p.Y.Label.Text != "component 2 (0 %)" {
		t.Errorf("axes %q and %q", p.X.Label.Text, p.Y.Label.Text)
	}
	all := svgTexts(t, p, nil)
	for _, want := range []string{"a", "d", "x", "y"} {
		if !slices.Contains(all, want) {
			t.Errorf("%q is missing among %q", want, all)
		}
	}
}

func TestMapsOfFewPoints(t *testing.T) {
	for name, c := range map[string]struct {
		vectors []float32
		names   []string
	}{
		"none": {nil, nil}, "one": {[]float32{1, 2, 3}, []string{"a"}}, "two": {[]float32{1, 2, 3, 4}, []string{"a", "b"}},
		"of one dimension": {[]float32{1, 2, 3}, []string{"a", "b", "c"}}, "all the same": {[]float32{1, 1, 1, 1, 1, 1}, []string{"a", "b", "c"}},
	} {
		p, err := plots.EmbeddingMap(c.vectors, c.names, nil, plots.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		svgTexts(t, p, nil)
	}
}

func TestMapsRefuseBadVectors(t *testing.T) {
	for want, f := range map[string]func() (*plot.Plot, error){
		"3 numbers do not make 2 vectors": func() (*plot.Plot, error) {
			return plots.EmbeddingMap([]float32{1, 2, 3}, []string{"a", "b"}, nil, plots.Options{})
		},
		"0 numbers do not make 2 vectors": func() (*plot.Plot, error) { return plots.SimilarityHeatMap([]string{"a", "b"}, nil, plots.Options{}) },
		"1 groups for 2 points": func() (*plot.Plot, error) {
			return plots.EmbeddingMap([]float32{1, 2}, []string{"a", "b"}, []string{"x"}, plots.Options{})
		},
		"vector 1 holds NaN": func() (*plot.Plot, error) {
			return plots.EmbeddingMap([]float32{1, float32(math.NaN())}, []string{"a", "b"}, nil, plots.Options{})
		},
	} {
		if _, err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
