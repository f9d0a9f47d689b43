package plots

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// SimilarityHeatMap shows how similar texts are: the cosine of each pair of their vectors, which come one after the other,
// [len(names)][dimensions], as sentence embeddings do. Of the options only the title counts.
//
// It returns an error if the vectors are not of one length.
func SimilarityHeatMap(names []string, vectors []float32, o Options) (*plot.Plot, error) {
	dim, err := dimensions(len(names), vectors)
	if err != nil {
		return nil, err
	}
	values := make([][]float64, len(names))
	for i := range values {
		values[i] = make([]float64, len(names))
		for j := range values[i] {
			values[i][j] = cosine(vectors[i*dim:][:dim], vectors[j*dim:][:dim])
		}
	}
	return HeatMap("cosine", names, names, values, o)
}

// HeatMap shows a table of numbers as colours: values[i][j] stands in rows[i], from the top, and columns[j]. The scale
// holds 0 and 1, so that maps of similarities can be compared. A value that is not finite is grey. Numbers are written into
// cells that have room for them. Quantity names what is shown, beside the scale. Of the options only the title counts.
//
// It returns an error if a row has not one value a column.
func HeatMap(quantity string, rows, columns []string, values [][]float64, o Options) (*plot.Plot, error) {
	if len(values) != len(rows) {
		return nil, fmt.Errorf("plots: %d rows of values for %d names of rows: give one for each", len(values), len(rows))
	}
	within := span{0, 1}
	for i, row := range values {
		if len(row) != len(columns) {
			return nil, fmt.Errorf("plots: row %q has %d values for %d columns: give one for each", label(rows[i]), len(row), len(columns))
		}
		for _, v := range row {
			if v = bounded(v); finite(v) {
				within.include(v)
			}
		}
	}
	p := plot.New()
	style(p)
	p.Title.Text = label(o.Title)
	if len(rows) == 0 || len(columns) == 0 {
		p.HideAxes()
		p.Add(note("no data"))
		return p, nil
	}
	m := heatMap{quantity: label(quantity), rows: rows, columns: columns, values: values, scale: scale{min: within.min, max: within.max}}
	p.Add(m)
	p.X.Min, p.X.Max = -0.5, float64(len(columns))-0.5
	p.Y.Min, p.Y.Max = -0.5, float64(len(rows))-0.5
	p.X.Tick.Marker, p.Y.Tick.Marker = cellNames(columns, false), cellNames(rows, true)
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.LineStyle.Width, a.Tick.Length, a.Padding = 0, 0, 4
	}
	size := nameSize(max(len(rows), len(columns)))
	p.X.Tick.Label.Font, p.Y.Tick.Label.Font = sans(size), sans(size)
	if crowded(columns, p.X.Tick.Label) {
		p.X.Tick.Label.Rotation, p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = math.Pi/4, draw.XRight, draw.YCenter
		p.X.Padding += vg.Points(size * 0.4) // a corner of the name reaches up so far
	}
	return p, nil
}

// nameSize is the size of the names of so many rows or columns.
func nameSize(n int) float64 {
	return min(9.5, max(4.5, 190/float64(max(n, 1))))
}

// crowded reports whether names do not fit beside each other.
func crowded(names []string, sty text.Style) bool {
	const room = 5 * vg.Inch
	var width vg.Length
	for _, name := range names {
		width = max(width, sty.Width(shorten(label(name), sty, longestName)))
	}
	return (width+4)*vg.Length(len(names)) > room
}

// longestName is the width to which names of rows and columns are cut.
const longestName = 110

// cellNames puts a name beside each row, from the top, or under each column; of more than fit, only some.
func cellNames(all []string, falling bool) plot.Ticker {
	const most = 48
	every := (len(all) + most - 1) / most
	sty := text.Style{Font: sans(nameSize(len(all))), Handler: plot.DefaultTextHandler}
	var ticks plot.ConstantTicks
	for i := 0; i < len(all); i += every {
		at := i
		if falling {
			at = len(all) - 1 - i
		}
		ticks = append(ticks, plot.Tick{Value: float64(at), Label: shorten(label(all[i]), sty, longestName)})
	}
	return ticks
}

// heatMap draws cells and, to the right of them, the scale. It is a plot.Plotter and a plot.GlyphBoxer.
type heatMap struct {
	quantity      string
	rows, columns []string
	values        [][]float64
	scale         scale
}

const (
	barGap, barWidth, barRoom = 10, 11, 62 // of the scale, in points
)

// GlyphBoxes implements plot.GlyphBoxer.
func (heatMap) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	return []plot.GlyphBox{{X: 1, Rectangle: vg.Rectangle{Max: vg.Point{X: barRoom}}}}
}

// Plot implements plot.Plotter.
func (m heatMap) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	cell := vg.Point{X: x(1) - x(0), Y: y(1) - y(0)}
	sty := text.Style{Font: sans(min(9, max(5, float64(cell.Y)*0.42))), XAlign: draw.XCenter, YAlign: draw.YCenter, Handler: plot.DefaultTextHandler}
	written := sty.Width("−0.00")+3 <= cell.X && sty.Font.Size*1.3 <= cell.Y
	for i, row := range m.values {
		bottom := y(float64(len(m.rows)-1-i) - 0.5)
		for j, v := range row {
			left, shade := x(float64(j)-0.5), m.scale.color(v)
			c.FillPolygon(shade, []vg.Point{{X: left, Y: bottom}, {X: left, Y: bottom + cell.Y}, {X: left + cell.X, Y: bottom + cell.Y}, {X: left + cell.X, Y: bottom}})
			if written && finite(v) {
				sty.Color = inkOn(shade)
				c.FillText(sty, vg.Point{X: left + cell.X/2, Y: bottom + cell.Y/2}, cellText(v))
			}
		}
	}
	m.drawScale(c)
}

func cellText(v float64) string {
	if math.Abs(v) >= 100 {
		return fmt.Sprintf("%.3g", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// inkOn is black or white, whichever is easier to read on a colour.
func inkOn(shade color.NRGBA) color.Color {
	if luminance := 0.299*float64(shade.R) + 0.587*float64(shade.G) + 0.114*float64(shade.B); luminance > 140 {
		return color.Black
	}
	return color.White
}

func (m heatMap) drawScale(c draw.Canvas) {
	sty := text.Style{Color: textGrey, Font: sans(9.5), YAlign: draw.YCenter, Handler: plot.DefaultTextHandler}
	box := vg.Rectangle{Min: vg.Point{X: c.Max.X + barGap, Y: c.Min.Y}, Max: vg.Point{X: c.Max.X + barGap + barWidth, Y: c.Max.Y - 16}}
	colorBar(c, box)
	for _, tick := range m.scale.ticks(5) {
		place, ok := m.scale.at(tick.Value)
		if !ok || tick.Label == "" {
			continue
		}
		at := box.Min.Y + (box.Max.Y-box.Min.Y)*vg.Length(place)
		c.StrokeLine2(draw.LineStyle{Color: axisGrey, Width: vg.Points(0.5)}, box.Max.X, at, box.Max.X+3, at)
		c.FillText(sty, vg.Point{X: box.Max.X + 5, Y: at}, tick.Label)
	}
	c.FillText(sty, vg.Point{X: box.Min.X, Y: c.Max.Y - 6}, shorten(m.quantity, sty, barRoom-barGap))
}
