package nntest

import (
	"math"
	"testing"
)

// Near fails the test unless got's distance from want is within 1e-4 of want's length ([Distance]).
func Near(t testing.TB, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, the peer has %d", what, len(got), len(want))
	}
	if d := Distance(got, want); !(d <= 1e-4) {
		t.Errorf("%s: off by %.3g of its length", what, d)
	}
}

// Distance is the length (L2) of got - want as a share of want's, infinite where they are not equally many.
func Distance(got, want []float32) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	apart := make([]float32, len(want))
	for i := range want {
		apart[i] = got[i] - want[i]
	}
	return Length(apart) / (Length(want) + 1e-8)
}

// Length is the square root of the sum of the squares.
func Length(x []float32) float64 {
	var squares float64
	for _, v := range x {
		squares += float64(v) * float64(v)
	}
	return math.Sqrt(squares)
}
