package display

import (
	"bytes"
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// The size of a plot on the page, and how much finer than the page its PNG is, for high-density screens.
const (
	plotWidth  = 7 * vg.Inch
	plotHeight = 4.2 * vg.Inch
	pageDPI    = 96
	density    = 2
	plotMargin = 8       // points that keep text and lines off the edge
	maxSVG     = 2 << 20 // bytes; a plot of more, of very many points, is sent as PNG alone, which browsers draw faster
)

// drawable is what gonum's plots have.
type drawable interface{ Draw(draw.Canvas) }

// plotData draws a plot as SVG, with a PNG beside it for what shows no SVG. gonum panics on what it cannot draw, such as a
// scale or an axis that was set wrongly.
func plotData(d drawable) Data {
	svg := vgsvg.New(plotWidth, plotHeight)
	drawOn(svg, d)
	png := &raster{PngCanvas: vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(plotWidth, plotHeight), vgimg.UseDPI(density*pageDPI))}}
	drawOn(png, d)
	var svgFile, pngFile bytes.Buffer
	if _, err := svg.WriteTo(&svgFile); err != nil {
		return errorData(fmt.Errorf("display: %w", err))
	}
	if _, err := png.WriteTo(&pngFile); err != nil {
		return errorData(fmt.Errorf("display: %w", err))
	}
	size := png.Image().Bounds().Size()
	data := Data{
		Data:     MIMEMap{MIMETypePNG: pngFile.Bytes(), MIMETypeText: describePlot(d)},
		Metadata: MIMEMap{MIMETypePNG: MIMEMap{"width": size.X / density, "height": size.Y / density}},
	}
	if svgFile.Len() <= maxSVG {
		data.Data[MIMETypeSVG] = withFallbacks(svgFile.Bytes())
	}
	return data
}

// drawOn draws on the plot's own background, margin included: the page may be dark, what is drawn is made for white.
func drawOn(canvas vg.CanvasSizer, d drawable) {
	background := color.Color(color.White)
	if p, ok := d.(*plot.Plot); ok && p.BackgroundColor != nil {
		background = p.BackgroundColor
	}
	c := draw.New(canvas)
	c.SetColor(background)
	c.Fill(c.Rectangle.Path())
	d.Draw(draw.Crop(c, plotMargin, -plotMargin, plotMargin, -plotMargin))
}

// withFallbacks names fonts of the same widths beside Liberation, gonum's default, which few machines have.
func withFallbacks(svg []byte) []byte {
	for _, family := range []struct{ only, better string }{
		{"Liberation Sans", "'Liberation Sans',Arial,Helvetica,sans-serif"},
		{"Liberation Serif", "'Liberation Serif','Times New Roman',Times,serif"},
		{"Liberation Mono", "'Liberation Mono','Courier New',Courier,monospace"},
	} {
		// Text cannot hold this sequence, because its quotation marks are escaped.
		only, better := `style="font-family:`+family.only+";", `style="font-family:`+family.better+";"
		svg = bytes.ReplaceAll(svg, []byte(only), []byte(better))
	}
	return svg
}

// describePlot is a plot in words, for consoles and for those who cannot see it.
func describePlot(d drawable) string {
	p, ok := d.(*plot.Plot)
	if !ok {
		return fmt.Sprintf("plot (%T)", d)
	}
	text := "plot"
	if p.Title.Text != "" {
		text += fmt.Sprintf(" %q", p.Title.Text)
	}
	return text + axisText(" of ", p.Y) + axisText(" against ", p.X)
}

func axisText(before string, a plot.Axis) string {
	name := a.Label.Text
	if name == "" {
		name = "values"
	}
	if math.IsInf(a.Min, 0) || math.IsInf(a.Max, 0) {
		return before + name
	}
	return fmt.Sprintf("%s%s (%s to %s)", before, name, float(a.Min, 3), float(a.Max, 3))
}
