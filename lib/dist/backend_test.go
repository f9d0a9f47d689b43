package dist

import (
	"errors"
	"strings"
	"testing"

	"paperlab/lib/tensor"
)

func TestNCCLNeedsAGPUForEachRank(t *testing.T) {
	for name, c := range map[string]struct {
		seats []seat
		want  string // empty: it can be had
	}{
		"two machines":    {[]seat{{Place: "a 0000:01:00.0"}, {Place: "b 0000:01:00.0"}}, ""},
		"two GPUs":        {[]seat{{Place: "a 0000:01:00.0"}, {Place: "a 0000:02:00.0"}}, ""},
		"a GPU for two":   {[]seat{{Place: "a 1"}, {Place: "a 2"}, {Place: "a 1"}}, "ranks 0 and 2 share a GPU"},
		"one without GPU": {[]seat{{Place: "a 1"}, {Why: "libtorch sees no CUDA device"}}, "rank 1: libtorch sees no CUDA device"},
	} {
		err := obstacle(c.seats)
		if (err == nil) != (c.want == "") || err != nil && err.Error() != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestABackendThatCannotBeHadIsRefused(t *testing.T) {
	want := map[string]string{
		"mpi": `dist: backend "mpi": it cannot be had here: there are auto, gloo and nccl`,
		NCCL:  "dist: backend nccl: it cannot be had here: it is for tensors on a GPU, and these are on the processor (auto and gloo work everywhere)",
	}
	if tensor.CUDADevices() == 0 {
		want[NCCL] = "dist: backend nccl: it cannot be had here: libtorch sees no CUDA device (auto and gloo work everywhere)"
	}
	for backend, want := range want {
		if err := (Options{Backend: backend, Device: tensor.CPU}).Check(); !errors.Is(err, ErrBackend) || err.Error() != want {
			t.Errorf("%s: %v, want %s", backend, err, want)
		}
	}
	for _, backend := range []string{"", Gloo, Auto} {
		if err := (Options{Backend: backend, Device: tensor.CPU}).Check(); err != nil {
			t.Error(err)
		}
	}
	if err := (Options{Timeout: -1}).Check(); err == nil || !strings.Contains(err.Error(), "timeout") {
		t.Errorf("a timeout below 0: %v", err)
	}
}
