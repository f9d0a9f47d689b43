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

// Four values: mean 5, deviation of a sample sqrt(20/3), Student's t for three degrees of freedom 3.1824.
func TestABandIsWhatTheOptionsChoose(t *testing.T) {
	g := plots.Group{}
	for _, y := range []float64{2, 4, 6, 8} {
		g.Series = append(g.Series, plots.Series{X: []float64{1, 2}, Y: []float64{y, 5}})
	}
	deviation := math.Sqrt(20.0 / 3)
	for band, half := range map[plots.Band]float64{plots.Range: 3, plots.Deviation: deviation, plots.Confidence: 3.182446305 * deviation / 2} {
		p, err := plots.Bands("loss", []plots.Group{g}, plots.Options{Band: band})
		if err != nil {
			t.Fatal(err)
		}
		// The axis has a twentieth of the band's width free on both sides.
		if got := (p.Y.Max - 5) / 1.1; math.Abs(got-half) > 1e-6 || math.Abs(5-p.Y.Min-(p.Y.Max-5)) > 1e-9 {
			t.Errorf("band %d reaches %v from the mean, want %v", band, got, half)
		}
	}
	one := plots.Group{Series: g.Series[:1]}
	if p, err := plots.Bands("loss", []plots.Group{one}, plots.Options{Band: plots.Confidence}); err != nil || math.IsNaN(p.Y.Max) || p.Y.Max > 5.2 {
		t.Errorf("one value: up to %v, %v", p.Y.Max, err)
	}
	if p, err := plots.Bands("loss", []plots.Group{g}, plots.Options{Band: plots.Confidence, LogY: true}); err != nil || p.Y.Min <= 0 {
		t.Errorf("on a logarithmic axis: from %v, %v", p.Y.Min, err)
	}
	if _, err := plots.Bands("loss", nil, plots.Options{Band: 7}); err == nil {
		t.Error("band 7 was accepted")
	}
}
