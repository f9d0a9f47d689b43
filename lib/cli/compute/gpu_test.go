package compute_test

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// TestGPUTrainingsHaveTheLossesOfTheProcessor runs both trainings, without dropout, on the processor and on a GPU.
func TestGPUTrainingsHaveTheLossesOfTheProcessor(t *testing.T) {
	if tensor.CUDADevices() == 0 {
		t.Skip("SKIPPED: libtorch sees no CUDA device here (make test-gpu runs this where there is one)")
	}
	dir := folder(t)
	t5 := tinyT5(t, dir)
	withoutDropout(t, t5)
	for name, args := range map[string][]string{
		"summarize": trainT5(t5, articles(t, dir, 17)),
		"search": {"train", "search", "--model", tinyBERT(t, dir), "--data", abstracts(t, dir, 30), "--epochs", "2", "--batch-size", "4", "--learning-rate", "1e-3",
			"--warmup", "0", "--log-every", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			var curves [2][]train.Logged
			for i, device := range []string{"cpu", "cuda:0"} {
				var r recorder
				if got := (call{newRun: r.newRun}).run(append(args, "--device", device)...); got.exit != 0 {
					t.Fatal(got.err)
				}
				curves[i] = eventsOf[train.Logged](&r)
			}
			if len(curves[0]) == 0 || len(curves[0]) != len(curves[1]) {
				t.Fatalf("%d losses on the processor, %d on the GPU", len(curves[0]), len(curves[1]))
			}
			for i, want := range curves[0] {
				if got := curves[1][i]; math.Abs(got.Loss-want.Loss) > 1e-3*want.Loss {
					t.Errorf("step %d: loss %v on the GPU, %v on the processor", want.Step, got.Loss, want.Loss)
				}
			}
		})
	}
}

// withoutDropout changes a model's configuration.
func withoutDropout(t *testing.T, model string) {
	t.Helper()
	path := filepath.Join(model, "config.json")
	config, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	config = regexp.MustCompile(`"dropout_rate": [0-9.]+`).ReplaceAll(config, []byte(`"dropout_rate": 0`))
	if err := os.WriteFile(path, config, 0o644); err != nil {
		t.Fatal(err)
	}
}
