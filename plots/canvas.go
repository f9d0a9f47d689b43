package plots

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// newCanvas returns what a plot is drawn on, and the function that then writes it.
func newCanvas(format string, width, height vg.Length) (canvas vg.CanvasSizer, finish func(io.Writer) error, err error) {
	switch format {
	case "png":
		c := pngCanvas{vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(DPI))}}
		return c, plainly(c), nil
	case "svg":
		c := vgsvg.New(width, height)
		return c, func(w io.Writer) error { return writeSVG(w, c) }, nil
	case "pdf":
		c := pdfCanvas{vgpdf.New(width, height)}
		return c, plainly(c), nil
	}
	return nil, nil, fmt.Errorf("plots: unknown format %q: use png, svg or pdf", format)
}

// pngCanvas shows a box for a rune that the font lacks; vgimg.PngCanvas shows nothing.
type pngCanvas struct{ vgimg.PngCanvas }

// FillString implements vg.Canvas.
func (c pngCanvas) FillString(face font.Face, at vg.Point, text string) {
	var buf sfnt.Buffer
	c.PngCanvas.FillString(face, at, strings.Map(func(r rune) rune {
		if glyph, err := face.Face.GlyphIndex(&buf, r); err != nil || glyph == 0 {
			return '□'
		}
		return r
	}, text))
}

func plainly(c io.WriterTo) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := c.WriteTo(w)
		return err
	}
}

// writeSVG writes the canvas with fallbacks for its font: vgsvg names only Liberation Sans, which few machines have;
// Arial and Helvetica have the same widths.
func writeSVG(w io.Writer, c *vgsvg.Canvas) error {
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return err
	}
	// Text cannot hold this sequence, because its quotation marks are escaped.
	const only, better = `style="font-family:Liberation Sans;`, `style="font-family:'Liberation Sans',Arial,Helvetica,sans-serif;`
	_, err := w.Write(bytes.ReplaceAll(b.Bytes(), []byte(only), []byte(better)))
	return err
}
