package train_test

import (
	"errors"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

const fullDiskVariable = "TRAIN_TEST_FULL_DISK"

// TestAFullDiskEndsATrainingAndSparesItsCheckpoints trains in a process that may write no file beyond a size: the second checkpoint
// fails.
func TestAFullDiskEndsATrainingAndSparesItsCheckpoints(t *testing.T) {
	if output := os.Getenv(fullDiskVariable); output != "" {
		trainOnAFullDisk(t, output)
		return
	}
	output := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAFullDiskEndsATrainingAndSparesItsCheckpoints$", "-test.v")
	child.Env = append(os.Environ(), fullDiskVariable+"="+output)
	if said, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if got := names(t, output); strings.Join(got, " ") != "5" {
		t.Errorf("checkpoints %v, want that of step 5, whole", got)
	}
	if entries, err := filepath.Glob(filepath.Join(output, ".*")); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	again, _ := task(t)
	cfg := forty(output)
	cfg.Resume, cfg.MaxSteps = train.Latest, 10
	if result, err := train.Fit(t.Context(), again, cfg); err != nil || result.Steps != 10 {
		t.Errorf("with room again: %+v, %v", result, err)
	}
}

func trainOnAFullDisk(t *testing.T, output string) {
	// Without this the system ends the process, as it does not on a disk that is full.
	signal.Ignore(syscall.SIGXFSZ)
	work, _ := task(t)
	cfg := forty(output)
	cfg.MaxSteps = 10
	var log recorder
	fill := func(e train.Event) error {
		if saved, ok := e.(train.Saved); ok && saved.Step == 5 {
			return unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: 100, Max: 100})
		}
		return nil
	}
	result, err := train.Fit(t.Context(), work, cfg, log.hook, eventHook(fill))
	if !errors.Is(err, unix.EFBIG) || !strings.Contains(err.Error(), "step 10: the checkpoint was not saved") {
		t.Errorf("error %v", err)
	}
	if log.finished.Err == nil || filepath.Base(result.Checkpoint) != checkpoint(5) {
		t.Errorf("finished with %v, checkpoint %q", log.finished.Err, result.Checkpoint)
	}
}

// greedyBatches are examples that need more memory than there is from a step on.
type greedyBatches struct {
	*examples
	calls, from int
}

func (g *greedyBatches) Batch(s *tensor.Scope, indices []int) points {
	if g.calls++; g.calls > g.from {
		s.Zeros(tensor.Float32, math.MaxInt64/8)
	}
	return g.examples.Batch(s, indices)
}

func TestARefusedAllocationEndsATrainingAfterACheckpoint(t *testing.T) {
	work, _ := task(t)
	work.Training = &greedyBatches{examples: curve(26, 1), from: 7}
	cfg := forty(t.TempDir())
	var log recorder
	result, err := train.Fit(t.Context(), work, cfg, log.hook)
	if !errors.Is(err, tensor.ErrNoMemory) || !errors.Is(log.finished.Err, tensor.ErrNoMemory) {
		t.Fatalf("error %v, the hook was told %v", err, log.finished.Err)
	}
	if !strings.Contains(err.Error(), "step 4") || filepath.Base(result.Checkpoint) != checkpoint(3) {
		t.Errorf("error %v, checkpoint %q; want step 4 and the checkpoint of step 3", err, result.Checkpoint)
	}
	again, _ := task(t)
	cfg.Resume, cfg.MaxSteps = train.Latest, 10
	if result, err := train.Fit(t.Context(), again, cfg); err != nil || result.Steps != 10 {
		t.Errorf("with smaller batches: %+v, %v", result, err)
	}
}
