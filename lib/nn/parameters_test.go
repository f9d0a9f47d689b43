package nn_test

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/nn"
	"paperlab/lib/safetensors"
	"paperlab/lib/tensor"
)

var specs = []nn.Spec{
	{Name: "norm", Shape: []int64{2}},
	{Name: "weight", Shape: []int64{3, 2}, Decay: true},
	{Name: "bias", Shape: []int64{3}},
}

func parameters(t *testing.T) *nn.Parameters {
	t.Helper()
	p, err := nn.NewParameters(tensor.CPU, specs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func TestParametersLieInOneBufferWithTheDecayedFirst(t *testing.T) {
	p := parameters(t)
	if p.Len() != 11 {
		t.Errorf("%d values, want 11", p.Len())
	}
	err := p.Init(func(s *tensor.Scope, spec nn.Spec, value *tensor.Tensor) {
		s.Fill(value, map[string]float64{"norm": 1, "weight": 2, "bias": 3}[spec.Name])
	})
	if err != nil {
		t.Fatal(err)
	}
	values, _ := p.Flat()
	flat, err := values.Float32s()
	if want := []float32{2, 2, 2, 2, 2, 2, 1, 1, 3, 3, 3}; err != nil || !slices.Equal(flat, want) {
		t.Errorf("flat buffer %v, %v; want %v", flat, err, want)
	}
	groups := p.Groups()
	if len(groups) != 2 || !groups[0].Decay || groups[0].Values.Len() != 6 || groups[1].Decay || groups[1].Grads.Len() != 5 {
		t.Errorf("groups %v", groups)
	}
}

func TestGradientsLandInTheFlatBuffer(t *testing.T) {
	p := parameters(t)
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	x := s.FromFloat32s([]float32{3, 4}, 1, 2)
	loss := s.Sum(s.Linear(x, p.Get("weight"), p.Get("bias")))
	if err := tensor.Backward(loss); err != nil {
		t.Fatal(err)
	}
	_, grads := p.Flat()
	got, _ := grads.Float32s()
	if want := []float32{3, 4, 3, 4, 3, 4, 0, 0, 1, 1, 1}; !slices.Equal(got, want) {
		t.Errorf("gradients %v, want %v", got, want)
	}
	norm, err := p.GradNorm()
	if want := math.Sqrt(3*25 + 3); err != nil || math.Abs(norm-want) > 1e-6 {
		t.Errorf("norm %v, %v; want %v", norm, err, want)
	}
	p.ZeroGrad(s)
	if norm, _ := p.GradNorm(); norm != 0 || s.Err() != nil {
		t.Errorf("norm after zeroing %v, %v", norm, s.Err())
	}
}

func TestParametersAreSavedAndLoadedByName(t *testing.T) {
	p := parameters(t)
	if err := p.Init(func(s *tensor.Scope, _ nn.Spec, v *tensor.Tensor) { s.FillNormal(v, 0, 1) }); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "model.safetensors")
	if err := p.Save(path); err != nil {
		t.Fatal(err)
	}
	w, err := safetensors.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	again := parameters(t)
	if err := again.Load(w, nil); err != nil {
		t.Fatal(err)
	}
	first, _ := p.Flat()
	second, _ := again.Flat()
	a, _ := first.Float32s()
	b, _ := second.Float32s()
	if !slices.Equal(a, b) {
		t.Errorf("loaded %v, saved %v", b, a)
	}
}

func TestLoadSaysWhichWeightDoesNotFit(t *testing.T) {
	write := func(tensors ...safetensors.Tensor) *safetensors.Weights {
		path := filepath.Join(t.TempDir(), "w.safetensors")
		if err := safetensors.Write(path, tensors, nil); err != nil {
			t.Fatal(err)
		}
		w, err := safetensors.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { w.Close() })
		return w
	}
	f32 := func(name string, shape ...int64) safetensors.Tensor {
		n := int64(4)
		for _, d := range shape {
			n *= d
		}
		return safetensors.Tensor{Name: name, DType: safetensors.F32, Shape: shape, Data: make([]byte, n)}
	}
	p := parameters(t)
	alias := func(name string) []string {
		if name == "norm" {
			return []string{"old.norm"}
		}
		return nil
	}
	cases := map[string]struct {
		weights *safetensors.Weights
		want    string
	}{
		"a missing weight":      {write(f32("norm", 2), f32("weight", 3, 2)), `"bias"`},
		"another shape":         {write(f32("norm", 2), f32("weight", 2, 3), f32("bias", 3)), "[2 3]"},
		"a type without values": {write(safetensors.Tensor{Name: "norm", DType: safetensors.I64, Shape: []int64{2}, Data: make([]byte, 16)}), "I64"},
		"an alias is enough":    {write(f32("old.norm", 2), f32("weight", 3, 2), f32("bias", 3)), ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := p.Load(c.weights, alias)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestTwoParametersOfOneNameAreRefused(t *testing.T) {
	_, err := nn.NewParameters(tensor.CPU, []nn.Spec{{Name: "w", Shape: []int64{1}}, {Name: "w", Shape: []int64{2}}})
	if err == nil || !strings.Contains(err.Error(), `"w"`) {
		t.Errorf("error %v", err)
	}
}
