package compute

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/train"
)

// fit runs a training with a progress bar and a record of it, and saves the finished model.
//
// known are figures measured before the first step, by the names that a tracker keeps them by; they are recorded at step 0.
func fit[B any](cmd *cobra.Command, task train.Task[B], run *training, newRun NewRun, params map[string]any, known map[string]float64) (*train.Result, error) {
	// A folder that cannot be written is better known before the work than after it.
	if err := os.MkdirAll(run.save, 0o755); err != nil {
		return nil, fmt.Errorf("--save: %w", err)
	}
	hooks := []train.Hook{show(cmd.ErrOrStderr(), run.name)}
	if newRun != nil {
		record, err := newRun(cmd.Context(), run.name, run.params(params))
		if err != nil {
			return nil, err
		}
		hooks = append(hooks, recordFirst(record, known))
	}
	task.Final = saveFirst(task.Save, run.save, task.Final)
	result, err := train.Fit(cmd.Context(), task, run.Config, hooks...)
	if err != nil && result.Checkpoint != "" {
		err = console.Hint(err, "the same command with --resume "+result.Checkpoint+" goes on from there")
	}
	return result, err
}

// recordFirst returns the hook that records known figures at the start of a new training.
func recordFirst(record train.Hook, known map[string]float64) train.Hook {
	return func(ctx context.Context, event train.Event) error {
		if err := record(ctx, event); err != nil {
			return err
		}
		if e, ok := event.(train.Started); ok && e.Step == 0 && len(known) > 0 {
			return record(ctx, train.Measured{Metrics: known})
		}
		return nil
	}
}

// saveFirst returns the final measurement of a training, before which the finished model is saved: who interrupts a
// long measurement has the model, and a run whose model could not be saved is not recorded as finished.
func saveFirst(save func(dir string) error, dir string, measure func(context.Context) (map[string]float64, error)) func(context.Context) (map[string]float64, error) {
	return func(ctx context.Context) (map[string]float64, error) {
		if err := save(dir); err != nil {
			return nil, fmt.Errorf("saving the model to %s: %w", dir, err)
		}
		if measure == nil {
			return nil, nil
		}
		return measure(ctx)
	}
}
