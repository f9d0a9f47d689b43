package bert_test

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"paperlab/lib/bert"
	"paperlab/lib/safetensors"
	"paperlab/lib/tensor"
)

// golden is what transformers computed with the model of testdata/tiny (testdata/make_golden.py).
type golden struct {
	t *testing.T
	w *safetensors.Weights
}

func openGolden(t *testing.T) golden {
	t.Helper()
	w, err := safetensors.Open("testdata/tiny/golden.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return golden{t, w}
}

func (g golden) float32s(name string) []float32 {
	g.t.Helper()
	values, err := g.w.Float32s(name)
	if err != nil {
		g.t.Fatal(err)
	}
	return values
}

// ids returns an int64 tensor in scope s.
func (g golden) ids(s *tensor.Scope, name string) *tensor.Tensor {
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

// distance is the length of got - want (L2) as a share of want's.
func distance(got, want []float32) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	difference := make([]float32, len(want))
	for i := range want {
		difference[i] = got[i] - want[i]
	}
	return norm(difference) / (norm(want) + 1e-12)
}

func norm(x []float32) float64 {
	var squares float64
	for _, v := range x {
		squares += float64(v) * float64(v)
	}
	return math.Sqrt(squares)
}

func near(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if d := distance(got, want); !(d <= 1e-4) {
		t.Errorf("%s: off by %.3g of its length (%d values, the peer has %d)", what, d, len(got), len(want))
	}
}

func load(t testing.TB, dir string) *bert.Model {
	t.Helper()
	m, err := bert.Load(dir, tensor.CPU)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

func newScope(t testing.TB) *tensor.Scope {
	s := tensor.NewScope(tensor.CPU)
	t.Cleanup(s.Close)
	return s
}

func float32s(t testing.TB, s *tensor.Scope, x *tensor.Tensor) []float32 {
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

func TestHiddenStatesEqualThePeers(t *testing.T) {
	m, g, s := load(t, "testdata/tiny"), openGolden(t), newScope(t)
	ids, mask := g.ids(s, "input_ids"), g.ids(s, "attention_mask")
	near(t, "with types", float32s(t, s, m.Forward(s, ids, mask, g.ids(s, "token_type_ids"))), g.float32s("hidden"))
	near(t, "without types", float32s(t, s, m.Forward(s, ids, mask, nil)), g.float32s("untyped"))
}

func TestEveryGradientEqualsThePeers(t *testing.T) {
	m, g, s := load(t, "testdata/tiny"), openGolden(t), newScope(t)
	hidden := m.Forward(s, g.ids(s, "input_ids"), g.ids(s, "attention_mask"), g.ids(s, "token_type_ids"))
	scale := s.FromFloat32s(g.float32s("scale"), hidden.Shape()...)
	loss := s.Sum(s.Mul(hidden, scale))
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	if err := tensor.Backward(loss); err != nil {
		t.Fatal(err)
	}
	for _, spec := range m.Parameters().Specs() {
		grad := float32s(t, s, s.Grad(m.Parameters().Get(spec.Name)))
		switch {
		case strings.HasPrefix(spec.Name, "pooler"):
			near(t, spec.Name, grad, make([]float32, len(grad)))
		case strings.HasSuffix(spec.Name, "key.bias"): // zero but for rounding: a softmax does not see it
			if d := distance(grad, g.float32s("grad."+spec.Name)); d > 1e-4 && norm(grad) > 1e-4 {
				t.Errorf("%s: off by %g, length %g", spec.Name, d, norm(grad))
			}
		default:
			near(t, spec.Name, grad, g.float32s("grad."+spec.Name))
		}
	}
}
