package train_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"paperlab/lib/train"
)

// kept trains one step an epoch with the given validation losses and returns which checkpoints are there in the end.
func kept(t *testing.T, output string, limit int, losses ...float64) []string {
	t.Helper()
	cfg := train.Config{Epochs: len(losses), BatchSize: 8, LearningRate: 0.1, Output: output, SaveLimit: limit}
	task := train.Task[points]{Model: newScripted(t, losses...), Training: curve(8, 1), Validation: curve(4, 2)}
	if _, err := train.Fit(t.Context(), task, cfg); err != nil {
		t.Fatal(err)
	}
	return names(t, output)
}

func names(t *testing.T, output string) []string {
	t.Helper()
	dirs, err := train.Checkpoints(output)
	if err != nil {
		t.Fatal(err)
	}
	for i, dir := range dirs {
		if err := train.Verify(dir); err != nil {
			t.Error(err)
		}
		dirs[i] = strings.TrimPrefix(filepath.Base(dir), "checkpoint-")
	}
	return dirs
}

func TestTheBestAndTheNewestCheckpointsAreKept(t *testing.T) {
	cases := map[string]struct {
		limit  int
		losses []float64
		want   []string
	}{
		"no limit":                          {0, []float64{3, 2, 1}, []string{"1", "2", "3"}},
		"the best is the newest":            {2, []float64{4, 3, 2, 1}, []string{"3", "4"}},
		"the best is old":                   {2, []float64{1, 2, 3, 4}, []string{"1", "4"}},
		"the best is old and three stay":    {3, []float64{1, 2, 3, 4}, []string{"1", "3", "4"}},
		"one stays: the best":               {1, []float64{2, 1, 3, 4}, []string{"2"}},
		"one stays: best and newest":        {1, []float64{4, 3, 2, 1}, []string{"4"}},
		"of equals the first is the best":   {2, []float64{1, 1, 1, 1}, []string{"1", "4"}},
		"a NaN loss is never the best":      {1, []float64{nan, 2, nan}, []string{"2"}},
		"only NaN losses: none is the best": {1, []float64{nan, nan, nan}, []string{"3"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := kept(t, t.TempDir(), c.limit, c.losses...); !slices.Equal(got, c.want) {
				t.Errorf("kept %v, want %v", got, c.want)
			}
		})
	}
}

func TestANewTrainingSetsEarlierCheckpointsAside(t *testing.T) {
	output := t.TempDir()
	kept(t, output, 0, 5, 4, 3, 2, 1)
	if got := kept(t, output, 0, 2, 1); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("the new training has %v, want its own 1 and 2", got)
	}
	if got := names(t, filepath.Join(output, "previous")); !slices.Equal(got, []string{"1", "2", "3", "4", "5"}) {
		t.Errorf("previous has %v, want all five of the first training", got)
	}
	kept(t, output, 0, 1)
	if got := names(t, filepath.Join(output, "previous")); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("previous has %v, want the two of the second training", got)
	}
}

func TestAResumedTrainingSetsNewerCheckpointsAside(t *testing.T) {
	output := t.TempDir()
	kept(t, output, 0, 5, 4, 3, 2, 1)
	absolute, err := filepath.Abs(output)
	if err != nil {
		t.Fatal(err)
	}
	cfg := train.Config{Epochs: 4, BatchSize: 8, LearningRate: 0.1, Output: output, Resume: filepath.Join(absolute, "checkpoint-3")}
	task := train.Task[points]{Model: newScripted(t, 9), Training: curve(8, 1), Validation: curve(4, 2)}
	result, err := train.Fit(t.Context(), task, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if got := names(t, output); !slices.Equal(got, []string{"1", "2", "3", "4"}) || filepath.Base(result.Best) != "checkpoint-3" {
		t.Errorf("%v are there, the best is %s; want 1 to 4, the best checkpoint-3", got, result.Best)
	}
	cfg.Resume = filepath.Join(output, "previous", "checkpoint-5")
	if _, err := train.Fit(t.Context(), task, cfg); err == nil || !strings.Contains(err.Error(), "move it") {
		t.Errorf("resumed from previous, which it would have emptied: %v", err)
	}
}

func TestAMovedFolderIsResumedWithItsBestModel(t *testing.T) {
	output := filepath.Join(t.TempDir(), "a")
	kept(t, output, 0, 1, 2)
	moved := filepath.Join(t.TempDir(), "b")
	if err := os.Rename(output, moved); err != nil {
		t.Fatal(err)
	}
	cfg := train.Config{Epochs: 3, BatchSize: 8, LearningRate: 0.1, Output: moved, Resume: train.Latest}
	task := train.Task[points]{Model: newScripted(t, 3), Training: curve(8, 1), Validation: curve(4, 2)}
	result, err := train.Fit(t.Context(), task, cfg)
	if err != nil || result.Best != filepath.Join(moved, "checkpoint-1") || result.BestLoss != 1 {
		t.Errorf("best %s with loss %v, %v; want checkpoint-1 of the new folder", result.Best, result.BestLoss, err)
	}
}

func TestATrainingThatWritesNothingCanGoOnFromACheckpoint(t *testing.T) {
	output := t.TempDir()
	kept(t, output, 0, 1, 2)
	cfg := train.Config{Epochs: 3, BatchSize: 8, LearningRate: 0.1, SaveLimit: 1, Resume: filepath.Join(output, "checkpoint-2")}
	m := newScripted(t, 3)
	task := train.Task[points]{Model: m, Training: curve(8, 1), Validation: curve(4, 2)}
	result, err := train.Fit(t.Context(), task, cfg)
	if err != nil || result.Steps != 3 || filepath.Base(result.Best) != "checkpoint-1" {
		t.Errorf("%d steps, best %s, %v; want 3 and checkpoint-1", result.Steps, result.Best, err)
	}
	if got := names(t, output); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("the folder has %v, want 1 and 2 as before", got)
	}
}

func TestACheckpointThatCannotBeWrittenLeavesTheOldOnes(t *testing.T) {
	output := t.TempDir()
	full, m := task(t)
	saves := 0
	full.Save = func(dir string) error {
		if saves++; saves == 3 {
			return errors.Join(os.WriteFile(filepath.Join(dir, "half"), []byte("h"), 0o644), syscall.ENOSPC)
		}
		return m.parameters.Save(filepath.Join(dir, "model.safetensors"))
	}
	var log recorder
	_, err := train.Fit(t.Context(), full, forty(output), log.hook)
	if !errors.Is(err, syscall.ENOSPC) || !errors.Is(log.finished.Err, syscall.ENOSPC) {
		t.Fatalf("error %v", err)
	}
	if got := names(t, output); !slices.Equal(got, []string{"5", "10"}) {
		t.Errorf("checkpoints %v, want 5 and 10", got)
	}
	if left, err := filepath.Glob(filepath.Join(output, ".partial-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestAFolderInUseIsRefused(t *testing.T) {
	output := t.TempDir()
	other, err := os.Open(output)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := unix.Flock(int(other.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	second, _ := task(t)
	if _, err := train.Fit(t.Context(), second, forty(output)); err == nil || !strings.Contains(err.Error(), "another training") {
		t.Errorf("error %v", err)
	}
}

func TestTheTrainerStateIsTransformers(t *testing.T) {
	output := t.TempDir()
	kept(t, output, 0, 2, 1, 3)
	state := readState(t, filepath.Join(output, "checkpoint-3"))
	if state.GlobalStep != 3 || state.MaxSteps != 3 || state.Epoch != 3 || state.BestMetric != 1 || filepath.Base(state.BestModelCheckpoint) != "checkpoint-2" {
		t.Errorf("trainer_state.json has %+v", state)
	}
	if len(state.LogHistory) != 3 || state.LogHistory[2]["eval_loss"] != 3.0 || state.LogHistory[2]["step"] != 3.0 {
		t.Errorf("its log history is %v", state.LogHistory)
	}
}

func TestInterruptedBeforeTheFirstStepNothingIsSaved(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	first, _ := task(t)
	output := t.TempDir()
	var log recorder
	result, err := train.Fit(ctx, first, forty(output), log.hook)
	if !errors.Is(err, context.Canceled) || !errors.Is(log.finished.Err, context.Canceled) || result.Checkpoint != "" || len(names(t, output)) > 0 {
		t.Errorf("error %v, checkpoint %q", err, result.Checkpoint)
	}
}
