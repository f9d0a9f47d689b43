package tracker

import "fmt"

// Batch is what one call of [Store.Log] adds to one series, in order.
type Batch struct {
	Key     string
	Context Context
	Points  []Point
}

// BySeries sorts samples by series, the series in order of their first samples, and says what is wrong with a sample
// that cannot be kept.
func BySeries(samples []Sample) ([]Batch, error) {
	type name struct {
		key     string
		context Context
	}
	index := map[name]int{}
	var batches []Batch
	var sizes []int
	of := make([]int, len(samples)) // the batch of each
	i, seen := 0, false
	for n, sample := range samples {
		if sample.Session < 1 {
			return nil, fmt.Errorf("%w session %d of %s: the first is 1", ErrInvalid, sample.Session, sample.Key)
		}
		// Most often a sample's series is that of the one before it.
		if n == 0 || sample.Key != samples[n-1].Key || sample.Context != samples[n-1].Context {
			i, seen = index[name{sample.Key, sample.Context}]
		}
		if !seen {
			key, err := CleanKey(sample.Key)
			if err != nil {
				return nil, err
			}
			if _, err := sample.Context.Labels(); err != nil {
				return nil, err
			}
			// Two keys that differ in bad bytes only are one once these are replaced.
			if i, seen = index[name{key, sample.Context}]; !seen {
				i = len(batches)
				index[name{key, sample.Context}] = i
				batches, sizes = append(batches, Batch{Key: key, Context: sample.Context}), append(sizes, 0)
			}
			index[name{sample.Key, sample.Context}], seen = i, true
		}
		of[n] = i
		sizes[i]++
	}
	points := make([]Point, len(samples))
	for i, size := range sizes {
		batches[i].Points, points = points[:0:size], points[size:]
	}
	for n, sample := range samples {
		b := &batches[of[n]]
		b.Points = append(b.Points, sample.Point)
	}
	return batches, nil
}
