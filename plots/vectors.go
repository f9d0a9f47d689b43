package plots

import (
	"fmt"
	"math"
)

// dimensions is the length of n vectors that come one after the other.
func dimensions(n int, vectors []float32) (int, error) {
	if n == 0 && len(vectors) == 0 {
		return 0, nil
	}
	if n == 0 || len(vectors) == 0 || len(vectors)%n != 0 {
		return 0, fmt.Errorf("plots: %d numbers do not make %d vectors of one length", len(vectors), n)
	}
	return len(vectors) / n, nil
}

// cosine is NaN for a vector of length zero.
func cosine(a, b []float32) float64 {
	var product, lengthA, lengthB float64
	for i := range a {
		x, y := float64(a[i]), float64(b[i])
		product, lengthA, lengthB = product+x*y, lengthA+x*x, lengthB+y*y
	}
	return product / math.Sqrt(lengthA*lengthB)
}
