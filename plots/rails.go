package plots

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// parallel draws the rails of [ParallelCoordinates] and the lines across them. It is a plot.Plotter.
type parallel struct{ rails []rail }

const (
	railHead  = 22 // room above the rails for a row of names, in points
	rowPitch  = 15 // of two rows
	railFoot  = 24 // and below, for what has no value
	tickGap   = 5
	colorRail = 9 // width of the last one
)

// Plot implements plot.Plotter.
func (d parallel) Plot(c draw.Canvas, _ *plot.Plot) {
	area := d.area(c)
	c.Min, c.Max = area.Min, area.Max
	last := len(d.rails) - 1
	x := func(i int) vg.Length { return c.Min.X + (c.Max.X-c.Min.X)*vg.Length(i)/vg.Length(last) }
	y := func(place float64) vg.Length {
		if place == missing {
			return c.Min.Y - railFoot*0.7
		}
		return c.Min.Y + (c.Max.Y-c.Min.Y)*vg.Length(place)
	}
	for _, run := range d.order() {
		line := make([]vg.Point, len(d.rails))
		for i, r := range d.rails {
			line[i] = vg.Point{X: x(i), Y: y(r.places[run])}
		}
		c.StrokeLines(draw.LineStyle{Color: d.color(run), Width: d.width()}, line)
	}
	room := (c.Max.X - c.Min.X) / vg.Length(last)
	for i, r := range d.rails {
		if i == last {
			colorBar(c, vg.Rectangle{Min: vg.Point{X: x(i), Y: c.Min.Y}, Max: vg.Point{X: x(i) + colorRail, Y: c.Max.Y}})
		} else {
			c.StrokeLine2(draw.LineStyle{Color: axisGrey, Width: vg.Points(0.8)}, x(i), c.Min.Y, x(i), c.Max.Y)
		}
		at, widest := vg.Point{X: x(i), Y: y(1) + 8}, room-6
		if d.crowded(room) {
			at.Y, widest = at.Y+rowPitch*vg.Length(i%2), 2*room-10
		}
		c.FillText(nameStyle, at, shorten(r.name, nameStyle, min(widestName, widest)))
		r.write(c, x(i), y, room, i == last)
	}
}

// area is what the rails take, names and ticks of the outer ones being outside of it.
func (d parallel) area(c draw.Canvas) vg.Rectangle {
	first, last := d.rails[0], d.rails[len(d.rails)-1]
	left := max(nameStyle.Width(shorten(first.name, nameStyle, widestName))/2, first.tickWidth()+tickGap)
	right := max(nameStyle.Width(shorten(last.name, nameStyle, widestName))/2, last.tickWidth()+tickGap+colorRail)
	area := vg.Rectangle{
		Min: vg.Point{X: c.Min.X + left, Y: c.Min.Y + railFoot},
		Max: vg.Point{X: c.Max.X - right, Y: c.Max.Y - railHead},
	}
	if d.crowded((area.Max.X - area.Min.X) / vg.Length(len(d.rails)-1)) {
		area.Max.Y -= rowPitch
	}
	return area
}

// crowded reports whether a name is wider than the room between two rails: the names then stand in two rows.
func (d parallel) crowded(room vg.Length) bool {
	return slices.ContainsFunc(d.rails, func(r rail) bool { return nameStyle.Width(r.name) > room-6 })
}

// order is the order in which runs are drawn: those without the metric below, the first on top.
func (d parallel) order() []int {
	metric := d.rails[len(d.rails)-1].places
	var below, above []int
	for run := len(metric) - 1; run >= 0; run-- {
		if metric[run] == missing {
			below = append(below, run)
		} else {
			above = append(above, run)
		}
	}
	return append(below, above...)
}

func (d parallel) color(run int) color.Color {
	place := d.rails[len(d.rails)-1].places[run]
	if place == missing {
		return missingGrey
	}
	return shade(place)
}

// width is thinner where there are many.
func (d parallel) width() vg.Length {
	switch n := len(d.rails[0].places); {
	case n <= 30:
		return vg.Points(1.3)
	case n <= 150:
		return vg.Points(0.9)
	}
	return vg.Points(0.5)
}

const widestName, widestTick = 120, 80

var (
	nameStyle = text.Style{Color: textGrey, Font: sans(10.5), XAlign: draw.XCenter, YAlign: draw.YBottom, Handler: plot.DefaultTextHandler}
	tickStyle = text.Style{Color: textGrey, Font: sans(9), YAlign: draw.YCenter, Handler: plot.DefaultTextHandler}
)

// tickWidth is the width of the widest label.
func (r rail) tickWidth() (widest vg.Length) {
	for _, tick := range r.all() {
		widest = max(widest, tickStyle.Width(shorten(tick.label, tickStyle, widestTick)))
	}
	return widest
}

// all are the ticks, and the place of what has none.
func (r rail) all() []railTick {
	if r.gap {
		return append(r.ticks[:len(r.ticks):len(r.ticks)], railTick{missing, "none"})
	}
	return r.ticks
}

// write writes the ticks beside a rail, on white, so that they can be read where lines cross them.
func (r rail) write(c draw.Canvas, x vg.Length, y func(float64) vg.Length, room vg.Length, rightmost bool) {
	for _, tick := range r.all() {
		name := shorten(tick.label, tickStyle, min(widestTick, room-2*tickGap))
		width, at := tickStyle.Width(name), y(tick.place)
		left := x - tickGap - width
		if rightmost {
			left = x + colorRail + tickGap
		}
		const half = 5
		c.FillPolygon(color.White, []vg.Point{{X: left - 1, Y: at - half}, {X: left - 1, Y: at + half}, {X: left + width + 1, Y: at + half}, {X: left + width + 1, Y: at - half}})
		c.StrokeLine2(draw.LineStyle{Color: axisGrey, Width: vg.Points(0.8)}, x-3, at, x, at)
		c.FillText(tickStyle, vg.Point{X: left, Y: at}, name)
	}
}
