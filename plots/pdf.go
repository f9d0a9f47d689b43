package plots

import (
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/encoding/charmap"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// pdfCanvas mends the text of vgpdf.Canvas, which takes the bytes of a string for Windows-1252: text that this code
// page can hold is recoded, so that it can be searched and copied, and other text is drawn as outlines.
type pdfCanvas struct{ *vgpdf.Canvas }

// FillString implements vg.Canvas.
func (c pdfCanvas) FillString(face font.Face, at vg.Point, text string) {
	if recoded, err := charmap.Windows1252.NewEncoder().String(text); err == nil {
		c.Canvas.FillString(face, at, recoded)
		return
	}
	c.Fill(outline(face, at, text))
}

// outline returns the shapes of the glyphs of a text whose baseline starts at a point.
func outline(face font.Face, at vg.Point, text string) vg.Path {
	var (
		path  vg.Path
		buf   sfnt.Buffer
		units = fixed.Int26_6(face.Face.UnitsPerEm())
		unit  = face.Font.Size / vg.Length(units)
	)
	for _, r := range text {
		// A rune that the font lacks has glyph 0, its box.
		glyph, err := face.Face.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		segments, err := face.Face.LoadGlyph(&buf, glyph, units, nil)
		if err != nil {
			continue
		}
		point := func(p fixed.Point26_6) vg.Point {
			return vg.Point{X: at.X + vg.Length(p.X)*unit, Y: at.Y - vg.Length(p.Y)*unit}
		}
		for _, s := range segments {
			switch s.Op {
			case sfnt.SegmentOpMoveTo:
				path.Move(point(s.Args[0]))
			case sfnt.SegmentOpLineTo:
				path.Line(point(s.Args[0]))
			case sfnt.SegmentOpQuadTo:
				path.QuadTo(point(s.Args[0]), point(s.Args[1]))
			case sfnt.SegmentOpCubeTo:
				path.CubeTo(point(s.Args[0]), point(s.Args[1]), point(s.Args[2]))
			}
		}
		at.X += face.Font.Size * vg.Length(advance(face.Face, &buf, glyph, units)) / vg.Length(units)
	}
	return path
}

func advance(f *sfnt.Font, buf *sfnt.Buffer, glyph sfnt.GlyphIndex, units fixed.Int26_6) fixed.Int26_6 {
	width, err := f.GlyphAdvance(buf, glyph, units, 0)
	if err != nil {
		return 0
	}
	return width
}
