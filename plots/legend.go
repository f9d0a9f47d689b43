package plots

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A legend stands to the right of the data, whose area it makes narrower by its glyph box. It is a plot.Plotter and a
// plot.GlyphBoxer.
type legend struct{ entries []entry }

type entry struct {
	text     string
	look     look
	infinity bool // the sample is the triangle that marks an infinity
}

// add adds a curve; one without a name has no entry.
func (l *legend) add(name string, look look) {
	if name = label(name); name != "" {
		l.entries = append(l.entries, entry{text: name, look: look})
	}
}

func (l *legend) addInfinity() {
	l.entries = append(l.entries, entry{text: "infinite", look: keyLook, infinity: true})
}

// A layout is the measures of a legend, in points. Few entries are set comfortably, many closely.
type layout struct {
	font        float64
	pitch       vg.Length // from one entry to the next
	sample      vg.Length // length of the piece of line before the name
	widest      vg.Length // names are cut to this width
	rows        int       // that fit in a column of the default height
	gapX, gapIn vg.Length // between columns; between sample and name
}

func (l legend) layout() layout {
	roomy := layout{font: 10, pitch: 15, sample: 20, widest: 150, rows: 15, gapX: 12, gapIn: 5}
	if len(l.entries) <= roomy.rows {
		return roomy
	}
	return layout{font: 7.5, pitch: 9.6, sample: 18, widest: 90, rows: 24, gapX: 9, gapIn: 4}
}

func (y layout) style() text.Style {
	return text.Style{Color: textGrey, Font: sans(y.font), YAlign: draw.YCenter, Handler: plot.DefaultTextHandler}
}

// maxColumns is how many columns of names leave room for the data.
const maxColumns = 2

func (l legend) columns() int {
	rows := l.layout().rows
	return min(maxColumns, (len(l.entries)+rows-1)/rows)
}

// columnWidth is the width of one column with the gap before it.
func (l legend) columnWidth() vg.Length {
	y := l.layout()
	sty := y.style()
	var names vg.Length
	for _, e := range l.entries {
		names = max(names, sty.Width(shorten(e.text, sty, y.widest)))
	}
	return y.gapX + y.sample + y.gapIn + names
}

// GlyphBoxes implements plot.GlyphBoxer.
func (l legend) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	if len(l.entries) == 0 {
		return nil
	}
	width := l.columnWidth() * vg.Length(l.columns())
	return []plot.GlyphBox{{X: 1, Rectangle: vg.Rectangle{Max: vg.Point{X: width}}}}
}

// Plot implements plot.Plotter.
func (l legend) Plot(c draw.Canvas, _ *plot.Plot) {
	if len(l.entries) == 0 {
		return
	}
	y, columns := l.layout(), l.columns()
	rows := max(1, min((len(l.entries)+columns-1)/columns, int((c.Max.Y-c.Min.Y)/y.pitch)))
	shown := l.entries
	if room := rows * columns; len(shown) > room {
		more := entry{text: fmt.Sprintf("and %d more", len(shown)-room+1)}
		shown = append(shown[:room-1:room-1], more)
	}
	width := l.columnWidth()
	for i, e := range shown {
		e.draw(c, y, vg.Point{
			X: c.Max.X + width*vg.Length(i/rows) + y.gapX,
			Y: c.Max.Y - y.pitch*(vg.Length(i%rows)+0.5),
		})
	}
}

// draw draws sample and name; at is the middle of the entry's left edge.
func (e entry) draw(c draw.Canvas, y layout, at vg.Point) {
	sty := y.style()
	// Half of a font's height is above the middle of its small letters.
	name := vg.Point{X: at.X + y.sample + y.gapIn, Y: at.Y + sty.Font.Size*0.12}
	middle := vg.Point{X: at.X + y.sample/2, Y: at.Y}
	switch {
	case e.infinity:
		box := c
		box.Min.Y, box.Max.Y = at.Y-3, at.Y+3
		triangle(&box, middle.X, true, color.Black)
	case e.look.mark != nil:
		c.DrawGlyphNoClip(e.look.glyph(), middle)
	case e.look.Width > 0:
		c.StrokeLine2(e.look.LineStyle, at.X, at.Y, at.X+y.sample, at.Y)
		if e.look.dots {
			dot := draw.GlyphStyle{Color: e.look.Color, Radius: e.look.dot, Shape: draw.CircleGlyph{}}
			c.DrawGlyphNoClip(dot, middle)
		}
	}
	c.FillText(sty, name, shorten(e.text, sty, y.widest))
}
