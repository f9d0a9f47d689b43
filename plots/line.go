package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A line draws one curve. It is a plot.Plotter.
type line struct {
	points   plotter.XYs // in the order of x, which is finite
	look     look
	positive bool // the axis is logarithmic and holds positive values only
}

const (
	mostDots = 24         // on one curve: more would hide it
	pixel    = 72.0 / DPI // in points
)

func (l line) draws(y float64) bool {
	return finite(y) && (!l.positive || y*huge >= 1)
}

// Plot implements plot.Plotter.
func (l line) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, stretch := range l.stretches() {
		at := make([]vg.Point, len(stretch))
		for i, p := range stretch {
			at[i] = vg.Point{X: x(p.X), Y: y(p.Y)}
		}
		if len(at) == 1 {
			l.dot(&c, at[0])
			continue
		}
		for _, piece := range l.pieces(thin(at, pixel)) {
			c.StrokeLines(l.look.LineStyle, c.ClipLinesXY(piece)...)
		}
		if l.look.dots {
			l.dotSome(&c, at)
		}
	}
	for _, p := range l.points {
		if math.IsInf(p.Y, 0) {
			triangle(&c, x(p.X), p.Y > 0, l.look.Color)
		}
	}
}

// stretches cuts the curve at the values that cannot be drawn.
func (l line) stretches() []plotter.XYs {
	var all []plotter.XYs
	start := 0
	for i, p := range l.points {
		if l.draws(p.Y) {
			continue
		}
		if start < i {
			all = append(all, l.points[start:i])
		}
		start = i + 1
	}
	if start < len(l.points) {
		all = append(all, l.points[start:])
	}
	return all
}

// pieces cuts a long line, because the time that the PNG writer takes grows with the square of a path's length. Each
// piece repeats the last segment of the one before it, so that no corner is lost. A dashed line stays whole, or its
// dashes would start anew.
func (l line) pieces(points []vg.Point) [][]vg.Point {
	const length = 100
	var all [][]vg.Point
	for l.look.Dashes == nil && len(points) > length {
		all = append(all, points[:length])
		points = points[length-2:]
	}
	return append(all, points)
}

func (l line) dot(c *draw.Canvas, at vg.Point) {
	c.DrawGlyph(draw.GlyphStyle{Color: l.look.Color, Radius: l.look.dot, Shape: draw.CircleGlyph{}}, at)
}

// dotSome puts dots on the points, evenly chosen if they are many.
func (l line) dotSome(c *draw.Canvas, at []vg.Point) {
	every := (len(at) + mostDots - 1) / mostDots
	for i := 0; i < len(at); i += every {
		l.dot(c, at[i])
	}
}

// triangle marks an infinity: at the upper edge and pointing up, or at the lower edge and pointing down.
func triangle(c *draw.Canvas, x vg.Length, up bool, clr color.Color) {
	const half, height = 3.2, 5.5
	base, tip := c.Max.Y-height, c.Max.Y
	if !up {
		base, tip = c.Min.Y+height, c.Min.Y
	}
	c.FillPolygon(clr, []vg.Point{{X: x - half, Y: base}, {X: x + half, Y: base}, {X: x, Y: tip}})
}
