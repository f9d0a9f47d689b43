package plots_test

import (
	"math"
	"strings"
	"testing"

	"paperlab/plots"
)

// The axis holds the bands, not only the means.
func TestABandReachesFromTheSmallestToTheLargest(t *testing.T) {
	g := plots.Group{Name: "seeds", Series: []plots.Series{
		{X: []float64{1, 2, 3}, Y: []float64{0, 5, math.NaN()}},
		{X: []float64{1, 2, 3}, Y: []float64{10, 5, 5}},
	}}
	p, err := plots.Bands("loss", []plots.Group{g}, plots.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Y.Min > 0 || p.Y.Max < 10 || p.Y.Label.Text != "loss" || p.X.Label.Text != "step" {
		t.Errorf("%s from %v to %v", p.Y.Label.Text, p.Y.Min, p.Y.Max)
	}
	byEpoch, err := plots.Bands("loss", []plots.Group{g}, plots.Options{StepsPerEpoch: 3})
	if err != nil || byEpoch.X.Max != 1 || byEpoch.X.Label.Text != "epoch" {
		t.Errorf("%s up to %v, %v", byEpoch.X.Label.Text, byEpoch.X.Max, err)
	}
}

func TestBandsRefuseBadInput(t *testing.T) {
	uneven := plots.Group{Series: []plots.Series{{Name: "uneven", X: []float64{1, 2}, Y: []float64{1}}}}
	if _, err := plots.Bands("loss", []plots.Group{uneven}, plots.Options{}); err == nil || !strings.Contains(err.Error(), "uneven") {
		t.Errorf("%v", err)
	}
	if _, err := plots.Bands("loss", nil, plots.Options{Smoothing: 2}); err == nil {
		t.Error("smoothing of 2 was accepted")
	}
}
