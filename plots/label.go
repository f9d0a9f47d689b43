package plots

import (
	"strings"
	"unicode"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// label makes any string fit for one line of text in every format: invalid UTF-8 becomes U+FFFD, one per byte, and
// control characters, which XML forbids, become spaces.
func label(s string) string {
	clean := func(r rune) rune {
		if unicode.IsControl(r) || r == '\uFFFE' || r == '\uFFFF' {
			return ' '
		}
		return r
	}
	return strings.TrimSpace(strings.Map(clean, string([]rune(s))))
}

// shorten cuts s to a width, out of its middle: names of runs differ at their ends.
func shorten(s string, sty text.Style, widest vg.Length) string {
	if sty.Width(s) <= widest {
		return s
	}
	runes := []rune(s)
	// One rune is at least a tenth of the font's size wide in any but exotic text, which bounds the search below.
	if most := int(widest/sty.Font.Size*10) + 2; len(runes) > most {
		runes = append(runes[:most/2:most/2], runes[len(runes)-most/2:]...)
	}
	for keep := len(runes) - 1; keep > 1; keep-- {
		head := (keep + 1) / 2
		cut := string(runes[:head]) + "…" + string(runes[len(runes)-(keep-head):])
		if sty.Width(cut) <= widest {
			return cut
		}
	}
	return "…"
}

// A note is a line of text in the middle of a plot that has nothing else to show. It is a plot.Plotter.
type note string

// Plot implements plot.Plotter.
func (n note) Plot(c draw.Canvas, _ *plot.Plot) {
	c.FillText(text.Style{
		Color: axisGrey, Font: sans(14), XAlign: draw.XCenter, YAlign: draw.YCenter, Handler: plot.DefaultTextHandler,
	}, c.Center(), string(n))
}
