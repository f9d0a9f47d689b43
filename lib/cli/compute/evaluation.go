package compute

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"

	"paperlab/lib/train"
)

// Evaluation is what a verb measured, as a tracker keeps it.
type Evaluation struct {
	Name     string // of the run
	Params   map[string]any
	Metrics  map[string]float64
	Tables   []train.Tabled
	Pictures []Picture
}

// Picture is a plot as a PNG file.
type Picture struct {
	Key     string // slashes between its parts, such as cranfield/measures
	Caption string
	PNG     []byte
}

// Keep makes a finished run of an evaluation. It is main's: the library knows no tracker.
type Keep func(ctx context.Context, e Evaluation) error

// Drawing draws plots, as PNG files. It is main's: the library knows no plots.
type Drawing struct {
	// Bars draws a bar before and one after for each group.
	Bars func(title string, groups []string, before, after []float64) ([]byte, error)
	// Map draws vectors, which come one after the other, as points on a plane, a colour a group.
	Map func(title string, vectors []float32, names, groups []string) ([]byte, error)
	// HeatMap draws the cosines of all vectors with one another.
	HeatMap func(title string, vectors []float32, names []string) ([]byte, error)
}

// write writes the pictures into a folder that is there, each whole or not at all: cranfield/measures as cranfield-measures.png.
func (e Evaluation) write(dir string) error {
	for _, p := range e.Pictures {
		name := strings.ReplaceAll(p.Key, "/", "-") + ".png"
		if err := renameio.WriteFile(filepath.Join(dir, name), p.PNG, 0o644); err != nil {
			return err
		}
	}
	return nil
}
