package optim_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"paperlab/lib/nn"
	"paperlab/lib/optim"
	"paperlab/lib/tensor"
)

type values struct{ Weight, Bias []float32 }

type golden struct {
	Start values
	Steps []struct {
		Gradients    values
		Norm, Rate   float64
		Weight, Bias []float32
	}
}

func readGolden(t *testing.T) golden {
	t.Helper()
	data, err := os.ReadFile("testdata/adamw.json")
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

func setUp(t *testing.T, start values) (*nn.Parameters, *optim.AdamW) {
	t.Helper()
	p, err := nn.NewParameters(tensor.CPU, []nn.Spec{{Name: "bias", Shape: []int64{3}}, {Name: "weight", Shape: []int64{3, 4}, Decay: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	fill(t, p, start, false)
	a, err := optim.NewAdamW(p, 0.1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	return p, a
}

// fill overwrites the parameters, or their gradients, which lie as the flat buffers do: the decayed weight, then the bias.
func fill(t *testing.T, p *nn.Parameters, v values, gradients bool) {
	t.Helper()
	target, grads := p.Flat()
	if gradients {
		target = grads
	}
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	s.Copy(target, s.FromFloat32s(append(append([]float32{}, v.Weight...), v.Bias...), 15))
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
}

func TestAdamWEqualsPyTorch(t *testing.T) {
	g := readGolden(t)
	p, a := setUp(t, g.Start)
	schedule := optim.Linear(5, 18)
	for i, step := range g.Steps {
		fill(t, p, step.Gradients, true)
		norm, scale, err := optim.Clip(p, 4)
		if err != nil {
			t.Fatal(err)
		}
		rate := 0.02 * schedule(i)
		if math.Abs(norm-step.Norm) > 1e-5*step.Norm || math.Abs(rate-step.Rate) > 1e-12 {
			t.Errorf("step %d: norm %v, rate %v; PyTorch %v, %v", i, norm, rate, step.Norm, step.Rate)
		}
		if err := a.Step(rate, scale); err != nil {
			t.Fatal(err)
		}
		flat, _ := p.Flat()
		got, err := flat.Float32s()
		if err != nil {
			t.Fatal(err)
		}
		for j, want := range append(append([]float32{}, step.Weight...), step.Bias...) {
			if diff := math.Abs(float64(got[j] - want)); diff > 1e-6*max(1, math.Abs(float64(want))) {
				t.Errorf("step %d: value %d is %v, PyTorch's %v", i, j, got[j], want)
			}
		}
	}
}

func TestARestoredOptimizerGoesOnBitForBit(t *testing.T) {
	g := readGolden(t)
	run := func(p *nn.Parameters, a *optim.AdamW, from, to int) {
		for _, step := range g.Steps[from:to] {
			fill(t, p, step.Gradients, true)
			if err := a.Step(0.02, 1); err != nil {
				t.Fatal(err)
			}
		}
	}
	p, a := setUp(t, g.Start)
	run(p, a, 0, 7)
	state, err := a.State()
	if err != nil {
		t.Fatal(err)
	}
	flat, _ := p.Flat()
	middle, _ := flat.Float32s()
	run(p, a, 7, 20)
	want, _ := flat.Float32s()

	q, b := setUp(t, values{Weight: middle[:12], Bias: middle[12:]})
	if err := b.Restore(state); err != nil {
		t.Fatal(err)
	}
	run(q, b, 7, 20)
	flat, _ = q.Flat()
	got, _ := flat.Float32s()
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("value %d is %v after a restore, %v straight", i, got[i], want[i])
		}
	}
	if err := b.Restore(optim.State{Step: 1, Moments: make([]float32, 3), Squares: make([]float32, 3)}); err == nil {
		t.Error("a state of another size was accepted")
	}
}

func TestClipLeavesSmallGradientsAndPassesNaNOn(t *testing.T) {
	p, _ := setUp(t, readGolden(t).Start)
	one := values{Weight: make([]float32, 12), Bias: []float32{3, 0, 4}}
	fill(t, p, one, true)
	for limit, want := range map[float64]float64{10: 1, 0: 1, 2.5: 0.5} {
		norm, scale, err := optim.Clip(p, limit)
		if err != nil || norm != 5 || math.Abs(scale-want) > 1e-6 {
			t.Errorf("limit %v: norm %v, scale %v, %v; want 5, %v", limit, norm, scale, err, want)
		}
	}
	one.Bias[0] = float32(math.NaN())
	fill(t, p, one, true)
	if norm, scale, err := optim.Clip(p, 1); err != nil || !math.IsNaN(norm) || !math.IsNaN(scale) {
		t.Errorf("NaN gradient: norm %v, scale %v, %v", norm, scale, err)
	}
}
