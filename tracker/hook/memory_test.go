package hook_test

import (
	"slices"
	"testing"

	"paperlab/lib/tensor"
	"paperlab/lib/train"
	"paperlab/tracker/hook"
	"paperlab/tracker/runs"
	"paperlab/tracker/storetest"
)

// held are the samples of system/gpu_allocated_mb of a training that was sampled at its start and at its end.
func held(t *testing.T) []float64 {
	t.Helper()
	store := storetest.New(t)
	run, err := runs.Start(t.Context(), store, runs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	record := hook.New(run)
	for _, event := range []train.Event{train.Started{}, train.Finished{}} {
		if err := record(t.Context(), event); err != nil {
			t.Fatal(err)
		}
	}
	_, values, err := runs.Curve(t.Context(), store, run.ID(), "system/gpu_allocated_mb")
	if err != nil {
		t.Fatal(err)
	}
	return values
}

func TestWithoutACUDADeviceNoMemoryOfItIsLogged(t *testing.T) {
	if tensor.CUDADevices() > 0 {
		t.Skip("SKIPPED: this machine has a CUDA device")
	}
	if values := held(t); len(values) > 0 {
		t.Errorf("logged %v MB of a device that is not there", values)
	}
}

func TestGPUMemoryOfLibtorchIsLogged(t *testing.T) {
	if tensor.CUDADevices() == 0 {
		t.Skip("SKIPPED: libtorch sees no CUDA device here (make test-gpu runs this where there is one)")
	}
	s := tensor.NewScope(tensor.Device(0))
	defer s.Close()
	s.Zeros(tensor.Float32, 64<<20)
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	if values := held(t); len(values) == 0 || slices.Min(values) < 256 {
		t.Errorf("logged %v MB while a tensor of 256 MB lives", values)
	}
}
