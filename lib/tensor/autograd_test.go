package tensor_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"paperlab/lib/tensor"
)

func TestBackwardPassesAddUpInTheGivenMemory(t *testing.T) {
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	flat := s.Zeros(tensor.Float32, 4)
	w := s.Leaf(s.FromFloat32s([]float32{1, 2, 3, 4}, 2, 2))
	if err := tensor.SetGrad(w, s.Reshape(flat, 2, 2)); err != nil {
		t.Fatal(err)
	}
	x := s.FromFloat32s([]float32{1, 10}, 1, 2)
	for range 2 {
		if err := tensor.Backward(s.Sum(s.Linear(x, w, nil))); err != nil {
			t.Fatal(err)
		}
	}
	got, err := flat.Float32s()
	if want := []float32{2, 20, 2, 20}; err != nil || !slices.Equal(got, want) {
		t.Errorf("gradients %v, %v; want %v", got, err, want)
	}
}

func TestBackwardRefusesWhatHasNoGradient(t *testing.T) {
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	w := s.Leaf(s.Zeros(tensor.Float32, 2))
	for name, loss := range map[string]*tensor.Tensor{"a constant": s.Zeros(tensor.Float32), "a vector": s.MulScalar(w, 2), "nothing": nil} {
		if err := tensor.Backward(loss); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestNoGradRecordsNothing(t *testing.T) {
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	w := s.Leaf(s.Full(2, tensor.Float32))
	var y *tensor.Tensor
	if err := tensor.NoGrad(func() error { y = s.Mul(w, w); return s.Err() }); err != nil {
		t.Fatal(err)
	}
	if err := tensor.Backward(y); err == nil {
		t.Error("a backward pass through what was not recorded")
	}
	if err := tensor.Backward(s.Mul(w, w)); err != nil {
		t.Errorf("the mode before did not come back: %v", err)
	}
}

func TestAutocastMultipliesInBFloat16AndKeepsFloat32Gradients(t *testing.T) {
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	w, grad := s.Leaf(s.FromFloat32s([]float32{1.001, 2}, 1, 2)), s.Zeros(tensor.Float32, 1, 2)
	if err := tensor.SetGrad(w, grad); err != nil {
		t.Fatal(err)
	}
	x := s.FromFloat32s([]float32{1, 1}, 1, 2)
	var y *tensor.Tensor
	err := tensor.Autocast(tensor.CPU, tensor.BFloat16, func() error {
		y = s.Linear(x, w, nil)
		return errors.Join(s.Err(), tensor.Backward(s.Sum(y)))
	})
	if err != nil {
		t.Fatal(err)
	}
	if y.DType() != tensor.BFloat16 {
		t.Errorf("the product is %v", y.DType())
	}
	if got, _ := grad.Float32s(); !slices.Equal(got, []float32{1, 1}) {
		t.Errorf("gradient %v", got)
	}
	if after := s.Linear(x, w, nil); after.DType() != tensor.Float32 {
		t.Errorf("after autocast the product is %v", after.DType())
	}
	if err := tensor.Autocast(tensor.CPU, tensor.Float16, func() error { return nil }); err == nil {
		t.Error("float16 on the processor was accepted")
	}
}

func TestAdamWFollowsItsFormula(t *testing.T) {
	for name, kernels := range map[string]bool{"by our kernel": true, "by libtorch": false} {
		t.Run(name, func(t *testing.T) {
			defer tensor.SetKernels(tensor.SetKernels(kernels))
			testAdamW(t)
		})
	}
}

func testAdamW(t *testing.T) {
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	p, g := s.FromFloat32s([]float32{1, -2}, 2), s.FromFloat32s([]float32{0.5, -4}, 2)
	m, v := s.Zeros(tensor.Float32, 2), s.Zeros(tensor.Float32, 2)
	step := tensor.AdamW{Scale: 0.5, LearningRate: 0.1, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, WeightDecay: 0.01, Step: 1}
	s.AdamW(p, g, m, v, step)
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	// At the first step the corrected moments are the gradient and its square: the update is the learning rate with its sign.
	want := []float64{1*(1-0.001) - 0.1, -2*(1-0.001) + 0.1}
	got, _ := p.Float32s()
	for i := range want {
		if math.Abs(float64(got[i])-want[i]) > 1e-6 {
			t.Errorf("parameter %d is %v, want %v", i, got[i], want[i])
		}
	}
	if gradients, _ := g.Float32s(); gradients[0] != 0 || gradients[1] != 0 {
		t.Errorf("gradients %v after the step, want zeros", gradients)
	}
	if moments, _ := m.Float32s(); math.Abs(float64(moments[1])+0.2) > 1e-7 {
		t.Errorf("moment %v, want -0.2", moments[1])
	}
}
