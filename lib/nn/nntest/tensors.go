package nntest

import (
	"testing"

	"paperlab/lib/tensor"
)

// NewScope returns a scope on the CPU that the test closes.
func NewScope(t testing.TB) *tensor.Scope {
	s := tensor.NewScope(tensor.CPU)
	t.Cleanup(s.Close)
	return s
}

// Float32s returns the numbers of a tensor of scope s; an error of the scope ends the test.
func Float32s(t testing.TB, s *tensor.Scope, x *tensor.Tensor) []float32 {
	t.Helper()
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	values, err := x.Float32s()
	if err != nil {
		t.Fatal(err)
	}
	return values
}
