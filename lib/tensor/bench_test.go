package tensor_test

import (
	"testing"

	"paperlab/lib/tensor"
)

// The cost of one small operation: Go, cgo, libtorch's dispatcher, an allocation.
func BenchmarkAdd(b *testing.B) {
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	x := s.Full(1, tensor.Float32, 8)
	c := s.Child()
	for i := 0; b.Loop(); i++ {
		if i%1000 == 0 {
			c.Close()
			c = s.Child()
		}
		c.Add(x, x)
	}
	c.Close()
	if c.Err() != nil {
		b.Fatal(c.Err())
	}
}
