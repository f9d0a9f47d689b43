package train_test

import (
	"math"
	"testing"

	"paperlab/lib/dist"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// gpus skips where there are fewer.
func gpus(t *testing.T, n int) {
	t.Helper()
	if have := tensor.CUDADevices(); have < n {
		t.Skipf("SKIPPED: libtorch sees %d CUDA devices here, %d are needed (make test-gpu runs this where there are)", have, n)
	}
}

func TestGPUTrainingHasTheLossesOfTheProcessors(t *testing.T) {
	gpus(t, 1)
	var curves [2][]float64
	for i, d := range []tensor.Device{tensor.CPU, 0} {
		var log recorder
		work := train.Task[points]{Model: newMLPOn(t, d, 0), Training: curve(24, 1), Validation: curve(10, 2)}
		if _, err := train.Fit(t.Context(), work, together(""), log.hook); err != nil {
			t.Fatal(err)
		}
		curves[i] = log.losses
	}
	compareCurves(t, curves[1], curves[0])
}

func TestGPUTrainingThatIsResumedEqualsOneThatWasNotInterrupted(t *testing.T) {
	gpus(t, 1)
	checkResumed(t, 0)
}

func TestGPUsOfTwoRanksHaveTheLossesThatGlooGives(t *testing.T) {
	gpus(t, 2)
	curves := make(map[string][]float64)
	for _, backend := range []string{dist.Gloo, dist.NCCL} {
		for rank, r := range several(t, 2, order{Config: together(""), Examples: 24, Backend: backend}) {
			if r.Err != "" {
				t.Fatalf("%s: rank %d: %s", backend, rank, r.Err)
			}
			curves[backend] = r.Losses
		}
	}
	compareCurves(t, curves[dist.NCCL], curves[dist.Gloo])
}

func compareCurves(t *testing.T, got, want []float64) {
	t.Helper()
	if len(got) != len(want) || len(want) == 0 {
		t.Fatalf("%d losses, want %d", len(got), len(want))
	}
	for i, loss := range got {
		if math.Abs(loss-want[i]) > 1e-4*want[i] {
			t.Errorf("step %d: loss %v, want %v", i+1, loss, want[i])
		}
	}
}
