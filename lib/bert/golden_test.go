package bert_test

import (
	"strings"
	"testing"

	"paperlab/lib/bert"
	"paperlab/lib/nn/nntest"
	"paperlab/lib/tensor"
)

// golden is what transformers computed with the model of its folder (testdata/make_golden.py).
const golden = "testdata/tiny/golden.safetensors"

func load(t testing.TB, dir string) *bert.Model {
	t.Helper()
	m, err := bert.Load(dir, tensor.CPU)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

func TestHiddenStatesEqualThePeers(t *testing.T) {
	m, g, s := load(t, "testdata/tiny"), nntest.Open(t, golden), nntest.NewScope(t)
	ids, mask := g.IDs(s, "input_ids"), g.IDs(s, "attention_mask")
	nntest.Near(t, "with types", nntest.Float32s(t, s, m.Forward(s, ids, mask, g.IDs(s, "token_type_ids"))), g.Float32s("hidden"))
	nntest.Near(t, "without types", nntest.Float32s(t, s, m.Forward(s, ids, mask, nil)), g.Float32s("untyped"))
}

func TestEveryGradientEqualsThePeers(t *testing.T) {
	m, g, s := load(t, "testdata/tiny"), nntest.Open(t, golden), nntest.NewScope(t)
	hidden := m.Forward(s, g.IDs(s, "input_ids"), g.IDs(s, "attention_mask"), g.IDs(s, "token_type_ids"))
	scale := s.FromFloat32s(g.Float32s("scale"), hidden.Shape()...)
	loss := s.Sum(s.Mul(hidden, scale))
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	if err := tensor.Backward(loss); err != nil {
		t.Fatal(err)
	}
	for _, spec := range m.Parameters().Specs() {
		grad := nntest.Float32s(t, s, s.Grad(m.Parameters().Get(spec.Name)))
		switch {
		case strings.HasPrefix(spec.Name, "pooler"):
			nntest.Near(t, spec.Name, grad, make([]float32, len(grad)))
		case strings.HasSuffix(spec.Name, "key.bias"): // zero but for rounding: a softmax does not see it
			if d := nntest.Distance(grad, g.Float32s("grad."+spec.Name)); d > 1e-4 && nntest.Length(grad) > 1e-4 {
				t.Errorf("%s: off by %g, length %g", spec.Name, d, nntest.Length(grad))
			}
		default:
			nntest.Near(t, spec.Name, grad, g.Float32s("grad."+spec.Name))
		}
	}
}
