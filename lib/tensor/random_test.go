package tensor_test

import (
	"errors"
	"slices"
	"testing"

	"paperlab/lib/tensor"
)

func draw(t *testing.T) []float32 {
	t.Helper()
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	values, err := s.Randn(5).Float32s()
	if err != nil {
		t.Fatal(err)
	}
	return values
}

func TestSeedsAndStatesRepeatTheDraws(t *testing.T) {
	r, err := tensor.HoldRandom("this test", tensor.CPU)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	if err := r.Seed(42); err != nil {
		t.Fatal(err)
	}
	first := draw(t)
	state, err := r.State()
	if err != nil {
		t.Fatal(err)
	}
	second := draw(t)
	if err := r.Restore(state); err != nil {
		t.Fatal(err)
	}
	if again := draw(t); !slices.Equal(again, second) || slices.Equal(first, second) {
		t.Errorf("draws %v, %v, after restoring %v", first, second, again)
	}
	if err := r.Seed(42); err != nil {
		t.Fatal(err)
	}
	if again := draw(t); !slices.Equal(again, first) {
		t.Errorf("seed 42 gave %v, then %v", first, again)
	}
	for name, bad := range map[string]tensor.RandomState{"empty": {}, "too short": {CPU: []byte{1, 2, 3}}} {
		if err := r.Restore(bad); err == nil {
			t.Errorf("the %s state was accepted", name)
		}
	}
}

func TestASecondHolderIsRefused(t *testing.T) {
	r, err := tensor.HoldRandom("the first training", tensor.CPU)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tensor.HoldRandom("the second", tensor.CPU); !errors.Is(err, tensor.ErrRandomHeld) {
		t.Errorf("second holder: %v", err)
	}
	r.Release()
	r.Release()
	again, err := tensor.HoldRandom("the second", tensor.CPU)
	if err != nil {
		t.Fatal(err)
	}
	again.Release()
}

func TestDevicesAreNamedAsInPyTorch(t *testing.T) {
	for name, want := range map[string]tensor.Device{"cpu": tensor.CPU} {
		if got, err := tensor.ParseDevice(name); err != nil || got != want || got.String() != name {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for _, name := range []string{"gpu", "cuda:", "cuda:-1", "cuda:99", "cuda:x"} {
		if _, err := tensor.ParseDevice(name); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	auto, err := tensor.ParseDevice("auto")
	if err != nil || (tensor.CUDADevices() == 0) != (auto == tensor.CPU) {
		t.Errorf("auto is %v, %v with %d CUDA devices", auto, err, tensor.CUDADevices())
	}
}

func TestOnlyACUDADeviceHasMemoryOfItsOwn(t *testing.T) {
	for _, d := range []tensor.Device{tensor.CPU, 99} {
		if used, err := d.MemoryUsed(); err == nil {
			t.Errorf("%v uses %d bytes of its own", d, used)
		}
	}
}

func TestThreadsAreSetForTheProcess(t *testing.T) {
	before, err := tensor.Threads()
	if err != nil {
		t.Fatal(err)
	}
	if err := tensor.SetThreads(1); err != nil {
		t.Fatal(err)
	}
	if n, _ := tensor.Threads(); n != 1 {
		t.Errorf("%d threads, want 1", n)
	}
	if err := tensor.SetThreads(before); err != nil {
		t.Fatal(err)
	}
	if tensor.SetThreads(0) == nil {
		t.Error("0 threads were accepted")
	}
}
