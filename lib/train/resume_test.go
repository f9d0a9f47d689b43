package train_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// forty is a configuration of 40 steps: 8 epochs of 5, the last of which has a short group.
func forty(output string) train.Config {
	return train.Config{
		MaxSteps: 40, BatchSize: 3, Accumulation: 2, LearningRate: 0.01, WarmupSteps: 4, WeightDecay: 0.1, MaxGradNorm: 1,
		LogEvery: 3, Seed: 7, Output: output, SaveLimit: 3,
	}
}

// task trains a new model with dropout on 26 examples.
func task(tb testing.TB) (train.Task[points], *mlp) {
	return taskOn(tb, tensor.CPU)
}

func taskOn(tb testing.TB, d tensor.Device) (train.Task[points], *mlp) {
	m := newMLPOn(tb, d, 0.2)
	return train.Task[points]{Model: m, Training: curve(26, 1), Validation: curve(10, 2)}, m
}

// stopAt returns a hook that interrupts after a step.
func stopAt(step int, cancel context.CancelFunc) train.Hook {
	return func(_ context.Context, e train.Event) error {
		if s, ok := e.(train.Step); ok && s.Step == step {
			cancel()
		}
		return nil
	}
}

func TestAResumedTrainingEqualsOneThatWasNotInterrupted(t *testing.T) { checkResumed(t, tensor.CPU) }

func checkResumed(t *testing.T, d tensor.Device) {
	for name, precision := range map[string]tensor.DType{"float32": tensor.Float32, "bfloat16": tensor.BFloat16} {
		t.Run(name, func(t *testing.T) {
			straight, m := taskOn(t, d)
			cfg := forty(t.TempDir())
			cfg.Precision = precision
			var want recorder
			if _, err := train.Fit(t.Context(), straight, cfg, want.hook); err != nil {
				t.Fatal(err)
			}

			cfg.Output = t.TempDir()
			var got recorder
			// Interrupted within an epoch, and right at the end of one, before its evaluation.
			for _, step := range []int{17, 25, 0} {
				ctx, cancel := context.WithCancel(t.Context())
				part, again := taskOn(t, d)
				result, err := train.Fit(ctx, part, cfg, got.hook, stopAt(step, cancel))
				cancel()
				if step > 0 && (!errors.Is(err, context.Canceled) || filepath.Base(result.Checkpoint) != checkpoint(step)) {
					t.Fatalf("interrupted at step %d: %v, checkpoint %s", step, err, result.Checkpoint)
				}
				if step == 0 {
					if err != nil {
						t.Fatal(err)
					}
					if !slices.Equal(again.values(t), m.values(t)) {
						t.Error("the weights differ from those of the training that was not interrupted")
					}
				}
				cfg.Resume = train.Latest
			}
			if !slices.Equal(got.losses, want.losses) || !slices.Equal(got.logged, want.logged) || !slices.Equal(got.evaluated, want.evaluated) {
				t.Errorf("losses, logs or evaluations differ:\n%v\n%v\n%v\n%v", got.logged, want.logged, got.evaluated, want.evaluated)
			}
		})
	}
}

func TestABrokenCheckpointIsPassedOver(t *testing.T) {
	breakages := map[string]func(dir string) error{
		"a file that was cut": func(dir string) error { return os.Truncate(filepath.Join(dir, "optimizer.safetensors"), 100) },
		"a byte that changed": func(dir string) error {
			path := filepath.Join(dir, "model.safetensors")
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			data[len(data)-1] ^= 1
			return os.WriteFile(path, data, 0o644)
		},
		"a file that is gone": func(dir string) error { return os.Remove(filepath.Join(dir, "training.json")) },
		"no manifest":         func(dir string) error { return os.Remove(filepath.Join(dir, "manifest.json")) },
		"an empty manifest":   func(dir string) error { return os.WriteFile(filepath.Join(dir, "manifest.json"), nil, 0o644) },
		"an empty folder": func(dir string) error {
			return errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o755))
		},
	}
	for name, breakIt := range breakages {
		t.Run(name, func(t *testing.T) {
			first, _ := task(t)
			cfg := forty(t.TempDir())
			cfg.MaxSteps = 10
			if _, err := train.Fit(t.Context(), first, cfg); err != nil {
				t.Fatal(err)
			}
			newest := filepath.Join(cfg.Output, "checkpoint-10")
			if err := train.Verify(newest); err != nil {
				t.Fatal(err)
			}
			if err := breakIt(newest); err != nil {
				t.Fatal(err)
			}
			if err := train.Verify(newest); !errors.Is(err, train.ErrBroken) {
				t.Fatalf("the broken checkpoint was verified: %v", err)
			}
			cfg.Resume, cfg.MaxSteps = newest, 15
			second, _ := task(t)
			if _, err := train.Fit(t.Context(), second, cfg); !errors.Is(err, train.ErrBroken) {
				t.Errorf("resumed from the broken one by its name: %v", err)
			}
			cfg.Resume = train.Latest
			var log recorder
			if _, err := train.Fit(t.Context(), second, cfg, log.hook); err != nil {
				t.Fatal(err)
			}
			if log.started.Step != 5 || len(log.started.Broken) != 1 {
				t.Errorf("resumed from step %d past %v, want 5 past checkpoint-10", log.started.Step, log.started.Broken)
			}
		})
	}
}

func TestResumeRefusesWhatDoesNotFit(t *testing.T) {
	first, _ := task(t)
	cfg := forty(t.TempDir())
	cfg.MaxSteps = 5
	if _, err := train.Fit(t.Context(), first, cfg); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		change func(task *train.Task[points], cfg *train.Config)
		want   string
	}{
		"another batch size":      {func(_ *train.Task[points], cfg *train.Config) { cfg.BatchSize = 2 }, "examples a batch: 3 there, 2 now"},
		"another accumulation":    {func(_ *train.Task[points], cfg *train.Config) { cfg.Accumulation = 1 }, "batches a step"},
		"another seed":            {func(_ *train.Task[points], cfg *train.Config) { cfg.Seed = 8 }, "seed"},
		"other examples":          {func(task *train.Task[points], _ *train.Config) { task.Training = curve(27, 1) }, "training examples: 26 there, 27 now"},
		"a folder without any":    {func(_ *train.Task[points], cfg *train.Config) { cfg.Output = t.TempDir() }, "no whole checkpoint"},
		"a folder that is not":    {func(_ *train.Task[points], cfg *train.Config) { cfg.Resume = filepath.Join(cfg.Output, "nowhere") }, "nowhere"},
		"no folder to look in":    {func(_ *train.Task[points], cfg *train.Config) { cfg.Output = "" }, "no output folder"},
		"a model of another kind": {func(task *train.Task[points], _ *train.Config) { task.Model = wider(t) }, "another model's checkpoint"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			again, _ := task(t)
			changed := cfg
			changed.Resume, changed.MaxSteps = train.Latest, 10
			c.change(&again, &changed)
			_, err := train.Fit(t.Context(), again, changed)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}
