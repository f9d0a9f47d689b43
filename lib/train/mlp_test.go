package train_test

import (
	"math/rand/v2"
	"testing"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// mlp is a small model with everything that a training has to keep: weights with and without decay, and dropout.
type mlp struct {
	parameters *nn.Parameters
	dropout    float64
}

const inputs, hidden, outputs = 4, 8, 2

func newMLP(tb testing.TB, dropout float64) *mlp {
	tb.Helper()
	return newMLPOn(tb, tensor.CPU, dropout)
}

func newMLPOn(tb testing.TB, d tensor.Device, dropout float64) *mlp {
	tb.Helper()
	p, err := nn.NewParameters(d, []nn.Spec{
		{Name: "first.weight", Shape: []int64{hidden, inputs}, Decay: true}, {Name: "first.bias", Shape: []int64{hidden}},
		{Name: "second.weight", Shape: []int64{outputs, hidden}, Decay: true}, {Name: "second.bias", Shape: []int64{outputs}},
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(p.Close)
	rng := rand.New(rand.NewPCG(1, 2))
	err = p.Init(func(s *tensor.Scope, spec nn.Spec, value *tensor.Tensor) {
		values := make([]float32, value.Len())
		for i := range values {
			values[i] = float32(rng.NormFloat64() / 2)
		}
		s.Copy(value, s.FromFloat32s(values, spec.Shape...))
	})
	if err != nil {
		tb.Fatal(err)
	}
	return &mlp{p, dropout}
}

func (m *mlp) Parameters() *nn.Parameters { return m.parameters }

func (m *mlp) Loss(s *tensor.Scope, b points) *tensor.Tensor {
	p := m.parameters
	h := s.Dropout(s.Tanh(s.Linear(b.x, p.Get("first.weight"), p.Get("first.bias"))), m.dropout)
	y := s.Linear(h, p.Get("second.weight"), p.Get("second.bias"))
	return s.Mean(s.Pow(s.Sub(s.Cast(y, tensor.Float32), b.y), 2))
}

// values copies all weights.
func (m *mlp) values(tb testing.TB) []float32 {
	tb.Helper()
	flat, _ := m.parameters.Flat()
	values, err := flat.Float32s()
	if err != nil {
		tb.Fatal(err)
	}
	return values
}

// points is a batch: x [n, inputs], y [n, outputs].
type points struct{ x, y *tensor.Tensor }

// examples is a data set in memory.
type examples struct{ x, y [][]float32 }

// curve returns n examples of a function that the model can learn.
func curve(n int, seed uint64) *examples {
	rng := rand.New(rand.NewPCG(seed, 0))
	e := &examples{}
	for range n {
		x := make([]float32, inputs)
		for i := range x {
			x[i] = float32(rng.NormFloat64())
		}
		e.x, e.y = append(e.x, x), append(e.y, []float32{x[0]*x[1] + x[2], x[3] - x[0]})
	}
	return e
}

func (e *examples) Len() int { return len(e.x) }

func (e *examples) Batch(s *tensor.Scope, indices []int) points {
	var x, y []float32
	for _, i := range indices {
		x, y = append(x, e.x[i]...), append(y, e.y[i]...)
	}
	n := int64(len(indices))
	return points{s.FromFloat32s(x, n, inputs), s.FromFloat32s(y, n, outputs)}
}

// measured are examples with lengths, which remember in what order they were seen.
type measured struct {
	*examples
	lengths, seen []int
}

func (m *measured) Length(index int) int { return m.lengths[index] }

func (m *measured) Batch(s *tensor.Scope, indices []int) points {
	m.seen = append(m.seen, indices...)
	return m.examples.Batch(s, indices)
}

// scripted is a model whose validation losses are given, one an evaluation.
type scripted struct {
	*mlp
	losses []float64
}

func newScripted(tb testing.TB, losses ...float64) *scripted {
	return &scripted{newMLP(tb, 0), losses}
}

func (m *scripted) Loss(s *tensor.Scope, b points) *tensor.Tensor {
	if s.Training {
		return m.mlp.Loss(s, b)
	}
	loss := m.losses[0]
	m.losses = m.losses[1:]
	return s.Full(loss, tensor.Float32)
}
