package plots

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/plot/plotter"
)

// project returns the first two principal components of n vectors, and the shares of the variance that they hold.
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
	var places [2][]float64
	for k := range min(2, dim) {
		last := dim - 1 - k // they come in rising order
		places[k] = along(data, mat.Col(nil, last, &directions))
		if total > 0 {
			shares[k] = max(0, variances[last]) / total
		}
	}
	for i := range at {
		at[i].X = places[0][i]
		if dim > 1 {
			at[i].Y = places[1][i]
		}
	}
	return at, shares, nil
}

// along returns the places of the rows on a direction, their mean being zero. The direction's largest weight counts as
// positive, so that a map does not come out mirrored the next time.
func along(data *mat.Dense, direction []float64) []float64 {
	largest := slices.MaxFunc(direction, func(a, b float64) int { return cmp.Compare(math.Abs(a), math.Abs(b)) })
	var places mat.VecDense
	places.MulVec(data, mat.NewVecDense(len(direction), direction))
	mean := stat.Mean(places.RawVector().Data, nil)
	out := make([]float64, places.Len())
	for i := range out {
		out[i] = math.Copysign(1, largest) * (places.AtVec(i) - mean)
	}
	return out
}
