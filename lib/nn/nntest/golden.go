package nntest

import (
	"encoding/binary"
	"testing"

	"paperlab/lib/safetensors"
	"paperlab/lib/tensor"
)

// Golden is a safetensors file of what a peer computed. What is not in it ends the test.
type Golden struct {
	t testing.TB
	w *safetensors.Weights
}

// Open opens a file of goldens for as long as the test runs.
func Open(t testing.TB, path string) Golden {
	t.Helper()
	w, err := safetensors.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return Golden{t, w}
}

// Names lists the tensors.
func (g Golden) Names() []string { return g.w.Names() }

// Float32s returns the numbers of a float32 tensor.
func (g Golden) Float32s(name string) []float32 {
	g.t.Helper()
	values, err := g.w.Float32s(name)
	if err != nil {
		g.t.Fatal(err)
	}
	return values
}

// IDs returns an int64 tensor in scope s.
func (g Golden) IDs(s *tensor.Scope, name string) *tensor.Tensor {
	g.t.Helper()
	info, err := g.w.Info(name)
	if err != nil {
		g.t.Fatal(err)
	}
	data, err := g.w.Bytes(name)
	if err != nil {
		g.t.Fatal(err)
	}
	values := make([]int64, len(data)/8)
	for i := range values {
		values[i] = int64(binary.LittleEndian.Uint64(data[8*i:]))
	}
	return s.FromInt64s(values, info.Shape...)
}
