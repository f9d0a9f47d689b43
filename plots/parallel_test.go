package plots_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"paperlab/plots"
)

func TestParallelCoordinatesNameAxesAndTheirValues(t *testing.T) {
	s := scene{"", nil}
	for _, known := range scenes {
		if known.name == "parallel coordinates" {
			s = known
		}
	}
	all := texts(t, s)
	for _, want := range []string{"learning_rate", "batch_size", "optimizer", "min eval/loss", "1e-4", "32", "16", "8", "4", "adamw", "sgd", "none"} {
		if !slices.Contains(all, want) {
			t.Errorf("%q is missing among %q", want, all)
		}
	}
}

func TestParallelCoordinatesOfOddValues(t *testing.T) {
	for name, axes := range map[string][]plots.Axis{
		"nothing":        nil,
		"one axis":       {{Name: "a", Values: []float64{1}}},
		"no run":         {{Name: "a"}, {Name: "b"}},
		"all the same":   {{Values: []float64{1, 1}}, {Texts: []string{"x", "x"}}, {Values: []float64{2, 2}}},
		"not finite":     {{Values: []float64{math.NaN(), math.Inf(1)}}, {Texts: []string{"", ""}}, {Values: []float64{math.NaN(), 1}}},
		"huge":           {{Values: []float64{math.MaxFloat64, -math.MaxFloat64}}, {Values: []float64{5e-324, 1}, Log: true}},
		"below zero":     {{Values: []float64{-1, 0}, Log: true}, {Values: []float64{1, 2}}},
		"ten thousand":   {{Values: make([]float64, 10_000)}, {Values: make([]float64, 10_000)}},
		"names in bytes": {{Name: "\xff\x00", Texts: []string{"\xff", "\n"}}, {Values: []float64{1, 2}}},
	} {
		p, err := plots.ParallelCoordinates(axes, plots.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var b strings.Builder
		if err := plots.Write(&b, p, "svg"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParallelCoordinatesRefuseUnevenAxes(t *testing.T) {
	for want, axes := range map[string][]plots.Axis{
		`axis "b" has 2 values, axis "a" 1`: {{Name: "a", Values: []float64{1}}, {Name: "b", Texts: []string{"x", "y"}}},
		`axis "a" has both`:                 {{Name: "a", Values: []float64{1}, Texts: []string{"x"}}},
	} {
		if _, err := plots.ParallelCoordinates(axes, plots.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
