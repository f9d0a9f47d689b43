package plots

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The size of what is written, which is that of a notebook, and the resolution of PNG: 1008 by 605 pixels.
const (
	Width  = 7 * vg.Inch
	Height = 4.2 * vg.Inch
	DPI    = 144
)

// The size of what [SaveColumn] writes. Scaled to the 3.3 inches of a paper's column, the smallest text is 6.5 points high.
const (
	ColumnWidth  = 4.8 * vg.Inch
	ColumnHeight = 3.2 * vg.Inch
)

// Save writes the plot to a file, as png, svg or pdf by the extension of its name. The file appears whole or not at
// all: whatever had that name stays untouched until the new content is on disk.
func Save(p *plot.Plot, path string) error { return save(p, path, Width, Height) }

// SaveColumn is [Save] for a column of a paper: everything but the text is smaller.
func SaveColumn(p *plot.Plot, path string) error { return save(p, path, ColumnWidth, ColumnHeight) }

func save(p *plot.Plot, path string, width, height vg.Length) error {
	format := strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
	var content bytes.Buffer
	if err := write(&content, p, format, width, height); err != nil {
		return fmt.Errorf("save plot as %s: %w", path, err)
	}
	if err := renameio.WriteFile(path, content.Bytes(), 0o644); err != nil {
		return fmt.Errorf("save plot: %w", err)
	}
	return nil
}

// PNG returns the plot as a PNG image, for notebooks.
func PNG(p *plot.Plot) ([]byte, error) {
	var b bytes.Buffer
	err := Write(&b, p, "png")
	return b.Bytes(), err
}

// Write writes the plot in a format: png, svg or pdf.
func Write(w io.Writer, p *plot.Plot, format string) error { return write(w, p, format, Width, Height) }

func write(w io.Writer, p *plot.Plot, format string, width, height vg.Length) (err error) {
	canvas, finish, err := newCanvas(format, width, height)
	if err != nil {
		return err
	}
	if p == nil {
		return fmt.Errorf("plots: there is no plot to write")
	}
	// gonum panics on what it cannot draw, such as a scale or an axis that the caller set wrongly.
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("plots: cannot draw this plot as %s: %v", format, r)
		}
	}()
	p.Draw(draw.Crop(draw.New(canvas), margin, -margin, margin, -margin))
	return finish(w)
}

// margin keeps text and lines off the edge of the image.
const margin = 8
