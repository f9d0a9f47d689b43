package plots

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// palette is Okabe and Ito's (Color Universal Design, 2008), which colour-blind readers can tell apart, without its
// yellow, which is too pale on white, and with a dark grey for its black, so that curves differ from axes.
var palette = []color.NRGBA{
	{R: 0x00, G: 0x72, B: 0xB2, A: 0xFF}, // blue
	{R: 0xD5, G: 0x5E, B: 0x00, A: 0xFF}, // vermilion
	{R: 0x00, G: 0x9E, B: 0x73, A: 0xFF}, // bluish green
	{R: 0xCC, G: 0x79, B: 0xA7, A: 0xFF}, // reddish purple
	{R: 0xE6, G: 0x9F, B: 0x00, A: 0xFF}, // orange
	{R: 0x56, G: 0xB4, B: 0xE9, A: 0xFF}, // sky blue
	{R: 0x55, G: 0x55, B: 0x55, A: 0xFF}, // dark grey
}

// dashes tell apart the curves that share a colour.
var dashes = [][]vg.Length{
	nil,
	{vg.Points(5), vg.Points(2.5)},
	{vg.Points(1.5), vg.Points(2)},
	{vg.Points(7), vg.Points(2), vg.Points(1.5), vg.Points(2)},
	{vg.Points(10), vg.Points(3)},
	{vg.Points(3), vg.Points(1.5)},
}

// A look is how a curve is drawn, in the plot and in the legend.
type look struct {
	draw.LineStyle
	dot  vg.Length        // radius of a point that stands alone
	dots bool             // a dot on each measured point, on some of them if they are many
	mark draw.GlyphDrawer // points of this shape that no line joins; nil for curves
}

// keyLook stands in the legend for the curves of all runs.
var keyLook = look{LineStyle: draw.LineStyle{Color: color.NRGBA{A: 0xFF}, Width: vg.Points(1.3)}, dot: 2.2}

// lookOf returns the look of curve i of n: seven colours, then the same ones dashed. Curves are thinner where there
// are many.
func lookOf(i, n int) look {
	width, dot := vg.Points(1.3), vg.Points(2.2)
	if n > len(palette) {
		width, dot = vg.Points(0.9), vg.Points(1.6)
	}
	return look{
		LineStyle: draw.LineStyle{
			Color:  palette[i%len(palette)],
			Width:  width,
			Dashes: dashes[i/len(palette)%len(dashes)],
		},
		dot: dot,
	}
}

func (l look) dotted() look {
	l.dots = true
	return l
}

// faint is the look of the raw line under a smoothed one: paler instead of translucent, because the PDF writer
// draws translucent colours too dark.
func (l look) faint() look {
	pale := func(v uint32) uint8 { return uint8(0xFF - (0xFF-v>>8)*3/10) }
	r, g, b, _ := l.Color.RGBA()
	l.Color, l.Dashes = color.NRGBA{R: pale(r), G: pale(g), B: pale(b), A: 0xFF}, nil
	return l
}

// veil is the colour of the band around a curve. It lets bands and grid shine through.
func (l look) veil() color.Color {
	r, g, b, _ := l.Color.RGBA()
	return color.NRGBA{R: uint8(r >> 8), G: uint8(g >> 8), B: uint8(b >> 8), A: 0x30}
}

// block is the look of a bar in the legend.
func (l look) block() look {
	l.Width, l.Dashes = vg.Points(7), nil
	return l
}
