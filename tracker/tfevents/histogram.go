package tfevents

import (
	"encoding/binary"
	"math"
	"slices"
)

// decodeHistogram reads PyTorch's and TensorFlow 1's form: the upper limits of the buckets, the first beginning at the
// lowest value and the last ending at the highest.
func decodeHistogram(data []byte) (h Histogram, err error) {
	var low, high float64
	var limits []float64
	err = eachField(data, func(f field) error {
		switch f.key {
		case 1<<3 | fixed64:
			low = f.double()
		case 2<<3 | fixed64:
			high = f.double()
		case 6<<3 | fixed64:
			limits = append(limits, f.double())
		case 6<<3 | bytes:
			limits = appendDoubles(limits, f.data)
		case 7<<3 | fixed64:
			h.Counts = append(h.Counts, f.double())
		case 7<<3 | bytes:
			h.Counts = appendDoubles(h.Counts, f.data)
		}
		return nil
	})
	n := min(len(limits), len(h.Counts))
	if n == 0 {
		return Histogram{}, err
	}
	h.Counts = h.Counts[:n]
	h.Edges = append(append([]float64{low}, limits[:n-1]...), high)
	return h.trim(), err
}

func appendDoubles(list []float64, packed []byte) []float64 {
	for ; len(packed) >= 8; packed = packed[8:] {
		list = append(list, math.Float64frombits(binary.LittleEndian.Uint64(packed)))
	}
	return list
}

// trim makes the edges ascend: writers put the whole range of their fixed limits, or buckets of no width, beside those
// that hold something.
func (h Histogram) trim() Histogram {
	edges, counts := h.Edges[:1:1], []float64(nil)
	for i, count := range h.Counts {
		left, right := edges[len(edges)-1], h.Edges[i+1]
		switch {
		case right > left:
			edges, counts = append(edges, right), append(counts, count)
		case count != 0 && len(counts) > 0:
			counts[len(counts)-1] += count
		case count != 0:
			// All values are one: a bucket of the least width.
			edges, counts = append(edges, math.Nextafter(left, math.Inf(1))), append(counts, count)
		}
	}
	if len(counts) == 0 || slices.ContainsFunc(edges, math.IsNaN) {
		return Histogram{}
	}
	return Histogram{Edges: edges, Counts: counts}
}

// bucketHistogram reads TensorFlow 2's form: rows of left edge, right edge and count.
func bucketHistogram(t tensor) (Histogram, bool) {
	if len(t.shape) != 2 || t.shape[1] != 3 || len(t.numbers) < 3 {
		return Histogram{}, false
	}
	h := Histogram{Edges: []float64{t.numbers[0]}}
	for row := range slices.Chunk(t.numbers, 3) {
		if len(row) == 3 {
			h.Edges, h.Counts = append(h.Edges, row[1]), append(h.Counts, row[2])
		}
	}
	return h.trim(), true
}

// encode gives the first form. Sums are those of the buckets' middles: the values themselves are not known.
func (h Histogram) encode() message {
	var number, sum, squares float64
	for i, count := range h.Counts {
		middle := (h.Edges[i] + h.Edges[i+1]) / 2
		number, sum, squares = number+count, sum+count*middle, squares+count*middle*middle
	}
	return message(nil).double(1, h.Edges[0]).double(2, h.Edges[len(h.Edges)-1]).
		double(3, number).double(4, sum).double(5, squares).
		doubles(6, h.Edges[1:]).doubles(7, h.Counts)
}
