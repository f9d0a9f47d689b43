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

// The size of what is written, and the resolution of PNG: 1008 by 605 pixels.
const (
	Width  = 7 * vg.Inch
	Height = 4.2 * vg.Inch
	DPI    = 144
)

// Save writes the plot to a file, as png, svg or pdf by the extension of its name. The file appears whole or not at
// all: whatever had that name stays untouched until the new content is on disk.
func Save(p *plot.Plot, path string) error {
	format := strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
	var content bytes.Buffer
	if err := Write(&content, p, format); err != nil {
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
func Write(w io.Writer, p *plot.Plot, format string) (err error) {
	canvas, finish, err := newCanvas(format)
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
