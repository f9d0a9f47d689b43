package plots

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Bars plots groups of bars, one bar of each series in each group: Y[i] of a series is its height in groups[i], and X is not
// looked at. Quantity names what is measured on the vertical axis, which holds zero. Series i has the colour that it has
// among curves. A height that is not finite is left out. Of the options only the title counts.
//
// It returns an error if a series has not one value a group.
func Bars(quantity string, groups []string, series []Series, o Options) (*plot.Plot, error) {
	f := figure{}
	p := plot.New()
	style(p)
	p.Title.Text, p.Y.Label.Text = label(o.Title), label(quantity)
	p.Add(horizontalGrid())
	heights := emptySpan
	heights.include(0)
	for i, s := range series {
		if len(s.Y) != len(groups) {
			return nil, fmt.Errorf("plots: series %q has %d values for %d groups of bars: give one for each", label(s.Name), len(s.Y), len(groups))
		}
		b := bars{heights: s.Y, place: i, of: len(series), look: lookOf(i, len(series))}
		for _, y := range b.drawn() {
			heights.include(y)
		}
		p.Add(b)
		f.legend.add(s.Name, b.look.block())
	}
	if len(groups) == 0 || len(series) == 0 {
		p.Add(note("no data"))
	}
	p.Add(f.legend)
	p.X.Min, p.X.Max = -0.5, max(0.5, float64(len(groups))-0.5)
	p.X.Tick.Marker, p.X.Tick.Length = names(groups), 0
	p.Y.Tick.Marker = linearTicks{count: 8}
	p.Y.Min, p.Y.Max = heights.ends()
	return p, nil
}

// ends returns the ends of an axis that bars stand on: zero is an end itself unless bars go both ways.
func (s span) ends() (lo, hi float64) {
	if s.min == s.max {
		return 0, 1
	}
	pad := (s.max - s.min) * 0.05
	lo, hi = s.min, s.max
	if lo < 0 {
		lo -= pad
	}
	if hi > 0 {
		hi += pad
	}
	return lo, hi
}

func horizontalGrid() *plotter.Grid {
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = gridGrey, nil
	return grid
}

// names are the ticks of groups. It is a plot.Ticker.
type names []string

// Ticks implements plot.Ticker.
func (n names) Ticks(_, _ float64) []plot.Tick {
	ticks := make([]plot.Tick, len(n))
	for i, name := range n {
		ticks[i] = plot.Tick{Value: float64(i), Label: label(name)}
	}
	return ticks
}

// bars draws the bars of one series. It is a plot.Plotter.
type bars struct {
	heights   []float64
	place, of int // of the series among all
	look      look
}

// drawn returns the heights that can be drawn.
func (b bars) drawn() map[int]float64 {
	all := map[int]float64{}
	for i, y := range b.heights {
		if y = bounded(y); finite(y) {
			all[i] = y
		}
	}
	return all
}

// Plot implements plot.Plotter.
func (b bars) Plot(c draw.Canvas, p *plot.Plot) {
	const filled = 0.76 // of a group's width
	x, y := p.Transforms(&c)
	width := filled / float64(b.of)
	for i, height := range b.drawn() {
		left := float64(i) - filled/2 + float64(b.place)*width
		// A hair of white between neighbours.
		from, to := x(left)+pixel/2, x(left+width)-pixel/2
		c.FillPolygon(b.look.Color, []vg.Point{{X: from, Y: y(0)}, {X: from, Y: y(height)}, {X: to, Y: y(height)}, {X: to, Y: y(0)}})
	}
}
