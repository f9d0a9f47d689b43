package plots

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
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

// project returns the first two principal components of n vectors, and the shares of the variance that they hold. The
// largest weight of a component is positive, so that a map does not come out mirrored the next time.
func project(vectors []float32, n, dim int) (at plotter.XYs, shares [2]float64, err error) {
	data := mat.NewDense(n, dim, nil)
	for i, v := range vectors {
		if !finite(float64(v)) {
			return nil, shares, fmt.Errorf("plots: vector %d holds %v: all numbers have to be finite", i/dim, v)
		}
		data.Set(i/dim, i%dim, float64(v))
	}
	at = make(plotter.XYs, n)
	if n == 1 {
		return at, shares, nil
	}
	// The eigenvectors of the covariance: far less work than a singular value decomposition of all vectors.
	var covariance mat.SymDense
	stat.CovarianceMatrix(&covariance, data, nil)
	var eigen mat.EigenSym
	if !eigen.Factorize(&covariance, true) {
		return nil, shares, errors.New("plots: the principal components of these vectors cannot be computed")
	}
	var directions mat.Dense
	eigen.VectorsTo(&directions)
	variances, total := eigen.Values(nil), mat.Trace(&covariance)
	for k := range min(2, dim) {
		last := dim - 1 - k // they come in rising order
		direction := mat.Col(nil, last, &directions)
		largest := slices.MaxFunc(direction, func(a, b float64) int { return cmp.Compare(math.Abs(a), math.Abs(b)) })
		var along mat.VecDense
		along.MulVec(data, mat.NewVecDense(dim, direction))
		for i := range n {
			value := math.Copysign(1, largest) * along.AtVec(i)
			if k == 0 {
				at[i].X = value
			} else {
				at[i].Y = value
			}
		}
		if total > 0 {
			shares[k] = max(0, variances[last]) / total
		}
	}
	return centered(at), shares, nil
}

// centered moves points so that their mean is zero.
func centered(at plotter.XYs) plotter.XYs {
	var mean plotter.XY
	for _, p := range at {
		mean.X, mean.Y = mean.X+p.X/float64(len(at)), mean.Y+p.Y/float64(len(at))
	}
	for i := range at {
		at[i].X, at[i].Y = at[i].X-mean.X, at[i].Y-mean.Y
	}
	return at
}
