package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A scale turns values into colours: viridis (van der Walt and Smith, 2015), which grows lighter steadily, so that
// colour-blind readers and grey prints keep the order. The last tenth, too pale for lines on white, is left out.
type scale struct {
	min, max float64
	log      bool
}

// viridis at even distances from 0 to 0.9.
var viridis = []color.NRGBA{
	{R: 0x44, G: 0x01, B: 0x54, A: 0xFF}, {R: 0x48, G: 0x25, B: 0x76, A: 0xFF}, {R: 0x41, G: 0x44, B: 0x87, A: 0xFF}, {R: 0x35, G: 0x60, B: 0x8D, A: 0xFF},
	{R: 0x2A, G: 0x78, B: 0x8E, A: 0xFF}, {R: 0x21, G: 0x90, B: 0x8C, A: 0xFF}, {R: 0x22, G: 0xA8, B: 0x84, A: 0xFF}, {R: 0x43, G: 0xBF, B: 0x71, A: 0xFF},
	{R: 0x7A, G: 0xD1, B: 0x51, A: 0xFF}, {R: 0xBB, G: 0xDF, B: 0x27, A: 0xFF},
}

// missingGrey is the colour of what has no value.
var missingGrey = color.NRGBA{R: 0xC8, G: 0xC8, B: 0xC8, A: 0xFF}

// at returns the place of a value between 0 and 1; ok is false if it has none.
func (s scale) at(v float64) (place float64, ok bool) {
	low, high := s.min, s.max
	if s.log {
		v, low, high = math.Log(v), math.Log(low), math.Log(high)
	}
	if !finite(v) {
		return 0, false
	}
	if low == high {
		return 0.5, true
	}
	return min(max((v-low)/(high-low), 0), 1), true
}

func (s scale) color(v float64) color.NRGBA {
	place, ok := s.at(v)
	if !ok {
		return missingGrey
	}
	return shade(place)
}

// shade returns the colour of a place between 0 and 1.
func shade(place float64) color.NRGBA {
	at := place * float64(len(viridis)-1)
	i := min(int(at), len(viridis)-2)
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (at-float64(i))*(float64(b)-float64(a)))) }
	a, b := viridis[i], viridis[i+1]
	return color.NRGBA{R: mix(a.R, b.R), G: mix(a.G, b.G), B: mix(a.B, b.B), A: 0xFF}
}

// ticks are the labelled values of the scale, those of an axis.
func (s scale) ticks(count int) []plot.Tick {
	if s.min == s.max {
		return []plot.Tick{{Value: s.min, Label: tickLabel(s.min, math.Abs(s.min), math.Abs(s.min))}}
	}
	if s.log {
		return logTicks{}.Ticks(s.min, s.max)
	}
	return linearTicks{count: count}.Ticks(s.min, s.max)
}

// bar fills a rectangle with the colours of the scale, the smallest at the bottom.
func colorBar(c draw.Canvas, box vg.Rectangle) {
	const steps = 64
	height := (box.Max.Y - box.Min.Y) / steps
	for i := range steps {
		low := box.Min.Y + height*vg.Length(i)
		// Each step reaches under the next one, so that no gap shines through.
		high := min(low+2*height, box.Max.Y)
		c.FillPolygon(shade((float64(i)+0.5)/steps), []vg.Point{{X: box.Min.X, Y: low}, {X: box.Min.X, Y: high}, {X: box.Max.X, Y: high}, {X: box.Max.X, Y: low}})
	}
}
