package plots

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
)

// EmbeddingMap shows embeddings as points on a plane, near each other if they are similar: their projection on the two
// directions in which they differ most (principal components), with the share of their variance on the axes. The vectors
// come one after the other, [len(names)][dimensions]. Points of one group have one colour; without groups all have the same.
// Names are written beside the points that have room for them, if there are not more than 150. Of the options only the title counts.
//
// It returns an error if the vectors are not of one length or not finite, or there is not one group a name.
func EmbeddingMap(vectors []float32, names, groups []string, o Options) (*plot.Plot, error) {
	dim, err := dimensions(len(names), vectors)
	if err != nil {
		return nil, err
	}
	if groups != nil && len(groups) != len(names) {
		return nil, fmt.Errorf("plots: %d groups for %d points: give one for each, or none", len(groups), len(names))
	}
	p := plot.New()
	style(p)
	p.Title.Text = label(o.Title)
	if len(names) == 0 {
		p.HideAxes()
		p.Add(note("no data"))
		return p, nil
	}
	at, shares, err := project(vectors, len(names), dim)
	if err != nil {
		return nil, err
	}
	m := newCloud(at, names, groups)
	x, y := emptySpan, emptySpan
	for _, point := range at {
		x.include(point.X)
		y.include(point.Y)
	}
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = gridGrey, gridGrey
	p.Add(grid, m, m.legend)
	p.X.Label.Text, p.Y.Label.Text = component(1, shares[0]), component(2, shares[1])
	p.X.Tick.Marker, p.Y.Tick.Marker = linearTicks{count: 8}, linearTicks{count: 8}
	p.X.Min, p.X.Max = x.padded(0.05, false)
	p.Y.Min, p.Y.Max = y.padded(0.05, false)
	return p, nil
}

func component(i int, share float64) string {
	return fmt.Sprintf("component %d (%.0f %%)", i, share*100)
}
