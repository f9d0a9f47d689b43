package native_test

import (
	"fmt"
	"testing"
	"time"

	"paperlab/lib/dist/native"
	"paperlab/lib/tensor"
)

// memory is a store of one process.
type memory map[string][]byte

func (m memory) Set(key string, value []byte) error { m[key] = value; return nil }

func (m memory) Get(key string) ([]byte, error) { return m[key], nil }

func (m memory) Wait(...string) error { return nil }

// alone joins a group of one rank, the most that one GPU can show.
func alone(t *testing.T) *native.Group {
	t.Helper()
	g, err := native.Join(memory{}, 0, 1, time.Minute, native.Address{Host: "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// check begins every operation of a group of one on a device.
func check(t *testing.T, g *native.Group, device tensor.Device) {
	t.Helper()
	s := tensor.NewScope(device)
	defer s.Close()
	x, into := s.FromFloat32s([]float32{1, 2, 3}, 3), s.Zeros(tensor.Float32, 1, 3)
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	for what, begin := range map[string]func() (native.Work, error){
		"all-reduce": func() (native.Work, error) { return g.AllReduce(x.Handle()) },
		"broadcast":  func() (native.Work, error) { return g.Broadcast(x.Handle(), 0) },
		"all-gather": func() (native.Work, error) { return g.AllGather(into.Handle(), x.Handle()) },
		"barrier":    g.Barrier,
	} {
		work, err := begin()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if over, err := work.Wait(time.Minute); err != nil || !over {
			t.Errorf("%s: over %v, %v", what, over, err)
		}
		work.Free()
	}
	own, err := x.Float32s()
	if err != nil {
		t.Fatal(err)
	}
	if all, err := into.Float32s(); err != nil || fmt.Sprint(own, all) != "[1 2 3] [1 2 3]" {
		t.Errorf("%v, gathered %v: %v", own, all, err)
	}
}

func TestAGroupOfOneHasItsOwnValues(t *testing.T) {
	g := alone(t)
	defer g.Leave()
	check(t, g, tensor.CPU)
}

func TestGPUWorksWithNCCLInAGroupOfOne(t *testing.T) {
	if tensor.CUDADevices() == 0 {
		t.Skip("SKIPPED: libtorch sees no CUDA device here (make test-gpu runs this where there is one)")
	}
	if place, err := native.NCCLPlace(0); err != nil || place == "" {
		t.Fatalf("the GPU is at %q, %v", place, err)
	}
	g := alone(t)
	defer g.Leave()
	if err := g.JoinNCCL(memory{}, 0, time.Minute); err != nil {
		t.Fatal(err)
	}
	check(t, g, tensor.Device(0))
	check(t, g, tensor.CPU)
}

func TestWithoutAGPUThereIsNoNCCL(t *testing.T) {
	if tensor.CUDADevices() > 0 {
		t.Skip("SKIPPED: there is a GPU here")
	}
	if place, err := native.NCCLPlace(0); err == nil {
		t.Errorf("a GPU is at %q", place)
	}
	g := alone(t)
	defer g.Leave()
	err := g.JoinNCCL(memory{}, 0, time.Minute)
	if err == nil {
		t.Error("NCCL works without a GPU")
	}
	t.Log(err)
	check(t, g, tensor.CPU)
}
