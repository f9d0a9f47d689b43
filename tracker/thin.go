package tracker

import (
	"math"
	"slices"
)

// Thin returns at most a few points for each of so many buckets of equally many points, so that a plot of that width
// looks as one of all points: the first and last of each bucket, its smallest and largest number, and the first of its
// NaN and of its infinities. They keep their order. Points that are few enough are returned as they are. The points come
// in the order in which [Curve] gives them.
func Thin(points []Point, buckets int) []Point {
	const each = 4 // first, last, smallest, largest
	if buckets < 1 || len(points) <= each*buckets {
		return points
	}
	thin := make([]Point, 0, each*buckets)
	for b := range buckets {
		bucket := points[b*len(points)/buckets : (b+1)*len(points)/buckets]
		for _, i := range striking(bucket) {
			thin = append(thin, bucket[i])
		}
	}
	return thin
}

// striking returns the indices of the points that a bucket keeps.
func striking(bucket []Point) []int {
	low, high, nan, above, below := -1, -1, -1, -1, -1
	for i, p := range bucket {
		switch v := p.Value; {
		case math.IsNaN(v):
			note(&nan, i)
		case math.IsInf(v, 1):
			note(&above, i)
		case math.IsInf(v, -1):
			note(&below, i)
		default:
			if low < 0 || v < bucket[low].Value {
				low = i
			}
			if high < 0 || v > bucket[high].Value {
				high = i
			}
		}
	}
	kept := []int{0, len(bucket) - 1, low, high, nan, above, below}
	slices.Sort(kept)
	kept = slices.Compact(kept)
	if kept[0] < 0 {
		kept = kept[1:]
	}
	return kept
}

// note keeps the first index.
func note(first *int, i int) {
	if *first < 0 {
		*first = i
	}
}
