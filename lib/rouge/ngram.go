package rouge

import "slices"

// ngramCounter counts the n-grams that two texts share. It keeps its memory for the next call.
type ngramCounter struct{ a, b []uint64 }

// common returns the size of the intersection of the two multisets of n-grams, n being 1 or 2.
func (c *ngramCounter) common(a, b []int32, n int) int {
	c.a = sortedNgrams(c.a[:0], a, n)
	c.b = sortedNgrams(c.b[:0], b, n)
	hits := 0
	for i, j := 0, 0; i < len(c.a) && j < len(c.b); {
		switch x, y := c.a[i], c.b[j]; {
		case x < y:
			i++
		case x > y:
			j++
		default:
			hits++
			i++
			j++
		}
	}
	return hits
}

// sortedNgrams appends the n-grams of ids to dst, each as one integer.
func sortedNgrams(dst []uint64, ids []int32, n int) []uint64 {
	for i := range len(ids) - n + 1 {
		gram := uint64(0)
		for _, id := range ids[i : i+n] {
			gram = gram<<32 | uint64(id)
		}
		dst = append(dst, gram)
	}
	slices.Sort(dst)
	return dst
}
