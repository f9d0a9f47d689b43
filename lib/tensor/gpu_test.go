package tensor_test

import (
	"math"
	"testing"

	"paperlab/lib/tensor"
)

func gpu(t *testing.T) tensor.Device {
	t.Helper()
	if tensor.CUDADevices() == 0 {
		t.Skip("SKIPPED: libtorch sees no CUDA device here (make test-gpu runs this where there is one)")
	}
	return tensor.Device(0)
}

func TestGPUComputesWhatTheProcessorDoes(t *testing.T) {
	device := gpu(t)
	step := func(d tensor.Device) (loss float64, gradient []float32) {
		s := tensor.NewScope(d)
		defer s.Close()
		w, g := s.Leaf(s.FromFloat32s([]float32{0.1, -0.2, 0.3, 0.4, -0.5, 0.6}, 2, 3)), s.Zeros(tensor.Float32, 2, 3)
		if err := tensor.SetGrad(w, g); err != nil {
			t.Fatal(err)
		}
		x := s.FromFloat32s([]float32{1, 2, 3, 4, 5, 6}, 2, 3)
		l := s.CrossEntropy(s.GELUTanh(s.Linear(x, w, nil)), s.FromInt64s([]int64{0, 1}, 2), -100)
		if s.Err() != nil {
			t.Fatal(s.Err())
		}
		if err := tensor.Backward(l); err != nil {
			t.Fatal(err)
		}
		m, v := s.Zeros(tensor.Float32, 2, 3), s.Zeros(tensor.Float32, 2, 3)
		s.AdamW(s.Detach(w), g, m, v, tensor.AdamW{Scale: 1, LearningRate: 0.1, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, WeightDecay: 0.01, Step: 1})
		loss, err := l.Item()
		if err != nil {
			t.Fatal(err)
		}
		gradient, err = s.Cat(0, g, w).Float32s()
		if err != nil {
			t.Fatal(err)
		}
		return loss, gradient
	}
	wantLoss, want := step(tensor.CPU)
	loss, got := step(device)
	if math.Abs(loss-wantLoss) > 1e-5 {
		t.Errorf("loss %v on the GPU, %v on the processor", loss, wantLoss)
	}
	for i := range want {
		if math.Abs(float64(got[i]-want[i])) > 1e-4 {
			t.Errorf("gradient or weight %d is %v on the GPU, %v on the processor", i, got[i], want[i])
		}
	}
}

func TestGPUMemoryIsWhatTheTensorsHold(t *testing.T) {
	device := gpu(t)
	used := func() int64 {
		t.Helper()
		bytes, err := device.MemoryUsed()
		if err != nil {
			t.Fatal(err)
		}
		return bytes
	}
	const gigabyte = 1 << 30
	before := used()
	s := tensor.NewScope(device)
	s.Zeros(tensor.Float32, gigabyte/4)
	if got := used() - before; s.Err() != nil || got != gigabyte {
		t.Errorf("a tensor of %d bytes took %d, %v", gigabyte, got, s.Err())
	}
	s.Close()
	if after := used(); after != before {
		t.Errorf("%d bytes before the tensor, %d after", before, after)
	}
}

func TestGPUMemoryThatIsRefusedIsAnError(t *testing.T) {
	s := tensor.NewScope(gpu(t))
	defer s.Close()
	s.Zeros(tensor.Float32, 1<<42)
	if s.Err() == nil {
		t.Error("sixteen terabytes were granted")
	}
}

func TestGPURandomStatesRepeatTheDraws(t *testing.T) {
	device := gpu(t)
	r, err := tensor.HoldRandom("this test", device)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	draw := func() float64 {
		s := tensor.NewScope(device)
		defer s.Close()
		v, err := s.Randn(1).Item()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	state, err := r.State()
	if err != nil {
		t.Fatal(err)
	}
	first := draw()
	if err := r.Restore(state); err != nil {
		t.Fatal(err)
	}
	if again := draw(); again != first {
		t.Errorf("drew %v, after restoring the state %v", first, again)
	}
}
