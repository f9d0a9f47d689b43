package dist_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"paperlab/lib/dist"
	"paperlab/lib/tensor"
)

func init() { roles["backend"] = backend }

// backend says what takes tensors on a GPU.
func backend(_ context.Context, g *dist.Group) error {
	fmt.Println(g.Backend())
	return nil
}

func TestWithoutGPUsAutoIsGloo(t *testing.T) {
	check(t, launch(t, "backend", 2, "DIST_TEST_BACKEND=auto", "DIST_TEST_DEVICE=cpu"), dist.Gloo)
}

func TestNCCLIsForTensorsOnAGPU(t *testing.T) {
	for i, r := range launch(t, "backend", 2, "DIST_TEST_BACKEND=nccl", "DIST_TEST_DEVICE=cpu") {
		if said, err := r.end(t); err == nil || !strings.HasPrefix(said, "error: dist: backend nccl: it cannot be had here: ") || strings.Count(said, "\n") != 1 {
			t.Errorf("rank %d: %v, said %s", i, err, said)
		}
	}
}

// gpus skips where there are fewer.
func gpus(t *testing.T, n int) {
	t.Helper()
	if have := tensor.CUDADevices(); have < n {
		t.Skipf("SKIPPED: libtorch sees %d CUDA devices here, %d are needed (make test-gpu runs this where there are)", have, n)
	}
}

// on has each rank use a GPU of its own, through a backend.
func on(backend string) []string {
	return []string{"DIST_TEST_BACKEND=" + backend, "DIST_TEST_DEVICE=cuda:LOCAL_RANK"}
}

func TestGPUsOfTwoRanksAreJoinedByNCCL(t *testing.T) {
	gpus(t, 2)
	check(t, launch(t, "backend", 2, on(dist.Auto)...), dist.NCCL)
	for _, backend := range []string{dist.NCCL, dist.Gloo} {
		t.Run(backend, func(t *testing.T) {
			check(t, launch(t, "operations", 2, on(backend)...), "2 [3 30] [2 -2] [0 7 1 7] [[0 -Inf] [3.141592653589793 -Inf]] [ xxxxx] of rank 0")
			checkGradients(t, launch(t, "gradients", 2, on(backend)...))
		})
	}
}

func TestGPUsOfRanksAreNotSharedWithNCCL(t *testing.T) {
	gpus(t, 1)
	check(t, launch(t, "backend", 2, "DIST_TEST_BACKEND=auto", "DIST_TEST_DEVICE=cuda:0"), dist.Gloo)
	for i, r := range launch(t, "backend", 2, "DIST_TEST_BACKEND=nccl", "DIST_TEST_DEVICE=cuda:0") {
		if said, err := r.end(t); err == nil || !strings.Contains(said, "ranks 0 and 1 share a GPU") {
			t.Errorf("rank %d: %v, said %s", i, err, said)
		}
	}
}

func TestGPUsOthersEndWhenARankIsKilled(t *testing.T) {
	gpus(t, 2)
	checkOthersEnd(t, launch(t, "reduce for ever", 2, on(dist.NCCL)...))
}
