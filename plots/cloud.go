package plots

import (
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A cloud draws points, and names beside those that have room for one. It is a plot.Plotter.
type cloud struct {
	points plotter.XYs
	names  []string
	looks  []look // a point
	legend legend // of the groups
}

// newCloud gives each group a look, in the order in which they first come; nil is one group without a name.
func newCloud(points plotter.XYs, names, groups []string) cloud {
	c := cloud{points: points, names: names}
	if groups == nil {
		c.looks = slices.Repeat([]look{lookOf(0, 1).marked(0, len(points))}, len(points))
		return c
	}
	place := map[string]int{}
	for _, g := range groups {
		if _, known := place[g]; !known {
			place[g] = len(place)
			c.legend.add(g, lookOf(place[g], 1).marked(place[g], 0))
		}
		c.looks = append(c.looks, lookOf(place[g], 1).marked(place[g], len(points)))
	}
	return c
}

// marks tell apart the groups that share a colour.
var marks = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.SquareGlyph{}, draw.PyramidGlyph{}, draw.RingGlyph{}, draw.PlusGlyph{}, draw.CrossGlyph{}}

// marked is the look of n points that no line joins, those of group i.
func (l look) marked(i, n int) look {
	l.mark, l.dot = marks[i/len(palette)%len(marks)], 2.6
	if n > mostNames {
		l.dot = 1.6
	}
	return l
}

// mostNames is up to how many points names are written: among more, it would be chance whose name has room.
const mostNames = 150

func (l look) glyph() draw.GlyphStyle {
	return draw.GlyphStyle{Color: l.Color, Radius: l.dot, Shape: l.mark}
}

// Plot implements plot.Plotter.
func (d cloud) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	at := make([]vg.Point, len(d.points))
	taken := make([]vg.Rectangle, len(d.points))
	for i, point := range d.points {
		at[i] = vg.Point{X: x(point.X), Y: y(point.Y)}
		taken[i] = around(at[i], d.looks[i].dot)
	}
	for i := range at {
		c.DrawGlyph(d.looks[i].glyph(), at[i])
	}
	if len(at) > mostNames {
		return
	}
	for i := range at {
		if box, ok := d.nameBeside(&c, at[i], d.looks[i].dot, d.names[i], taken); ok {
			taken = append(taken, box)
		}
	}
}

// nameBeside writes a name to the right of a point, or where there is room: left, above, below. It returns the room that
// the name takes.
func (cloud) nameBeside(c *draw.Canvas, at vg.Point, radius vg.Length, name string, taken []vg.Rectangle) (box vg.Rectangle, ok bool) {
	const longest = 130
	sty := text.Style{Color: textGrey, Font: sans(8), YAlign: draw.YBottom, Handler: plot.DefaultTextHandler}
	if name = shorten(label(name), sty, longest); name == "" {
		return box, false
	}
	width, height, gap := sty.Width(name), sty.Font.Size, radius+1.5
	for _, corner := range []vg.Point{
		{X: at.X + gap, Y: at.Y - height/2}, {X: at.X - gap - width, Y: at.Y - height/2},
		{X: at.X - width/2, Y: at.Y + gap}, {X: at.X - width/2, Y: at.Y - gap - height},
	} {
		box = vg.Rectangle{Min: corner, Max: vg.Point{X: corner.X + width, Y: corner.Y + height}}
		if box.Min.X < c.Min.X || box.Max.X > c.Max.X || box.Min.Y < c.Min.Y || box.Max.Y > c.Max.Y {
			continue
		}
		if !slices.ContainsFunc(taken, func(other vg.Rectangle) bool { return overlap(box, other) }) {
			c.FillText(sty, box.Min, name)
			return box, true
		}
	}
	return box, false
}

func around(at vg.Point, radius vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: at.X - radius, Y: at.Y - radius}, Max: vg.Point{X: at.X + radius, Y: at.Y + radius}}
}

func overlap(a, b vg.Rectangle) bool {
	return a.Min.X < b.Max.X && b.Min.X < a.Max.X && a.Min.Y < b.Max.Y && b.Min.Y < a.Max.Y
}
