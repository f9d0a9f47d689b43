package runs

import (
	"math"
	"slices"
)

// maxBins is enough for any picture of a histogram.
const maxBins = 512

// Bins counts values in bins of equal width, which include their lower edges, the last both; for the edges and counts
// see [tracker.Histogram]. Where bins is less than 1 their width is that of numpy's "auto": the smaller of Freedman and
// Diaconis's and Sturges's, at most 512 bins. Values that are NaN or infinite are left out; of none there is one empty
// bin from 0 to 1, and equal ones lie in the middle of one bin of width 1.
func Bins(values []float64, bins int) (edges, counts []float64) {
	finite := make([]float64, 0, len(values))
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			finite = append(finite, v)
		}
	}
	low, high := 0.0, 1.0
	if len(finite) > 0 {
		low, high = slices.Min(finite), slices.Max(finite)
	}
	if bins < 1 {
		bins = suitable(finite, low, high)
	}
	if low == high {
		low, high = low-0.5, high+0.5
	}
	edges = make([]float64, bins+1)
	for i := range edges {
		// Not low + i*width, whose rounding could leave the highest value out. Weighted, as the difference may overflow.
		share := float64(i) / float64(bins)
		edges[i] = low*(1-share) + high*share
	}
	counts = make([]float64, bins)
	for _, v := range finite {
		i, found := slices.BinarySearch(edges, v)
		if !found {
			i--
		}
		counts[min(max(i, 0), bins-1)]++
	}
	return edges, counts
}

// suitable is how many bins numpy's "auto" takes.
func suitable(values []float64, low, high float64) int {
	if len(values) == 0 || low == high {
		return 1
	}
	n := float64(len(values))
	sorted := slices.Sorted(slices.Values(values))
	spread := quantile(sorted, 0.75) - quantile(sorted, 0.25)
	bins := math.Ceil(math.Log2(n) + 1)
	if width := 2 * spread / math.Cbrt(n); width > 0 {
		bins = max(bins, math.Ceil((high-low)/width))
	}
	return int(min(bins, maxBins))
}

// quantile interpolates between the two nearest of sorted values.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 == len(sorted) {
		return sorted[i]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
