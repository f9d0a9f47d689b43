package compute

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/train"
)

// record is what is kept of a training beside its own events.
type record struct {
	newRun NewRun             // nil for no record
	params map[string]any     // beside the training's configuration
	known  map[string]float64 // figures measured before the first step, by the names that a tracker keeps them by

	// table is asked, after the final measurement, for the examples that it was made on. Nil for none.
	table func(step int) (train.Tabled, bool)

	// samples returns a hook that tells the record of examples as the training goes on. Nil for none.
	samples func(record train.Hook) train.Hook
}

// fit runs a training with a progress bar and a record of it, and saves the finished model.
func fit[B any](cmd *cobra.Command, task train.Task[B], run *training, of record) (*train.Result, error) {
	if !run.ranks.leads() {
		return follow(cmd, task, run, of)
	}
	// A folder that cannot be written is better known before the work than after it.
	if err := os.MkdirAll(run.save, 0o755); err != nil {
		return nil, fmt.Errorf("--save: %w", err)
	}
	hooks := []train.Hook{show(cmd.ErrOrStderr(), run.name)}
	if of.newRun != nil {
		hook, err := of.newRun(cmd.Context(), run.name, run.params(of.params), run.ranks.among())
		if err != nil {
			return nil, err
		}
		hooks = append(hooks, recordFirst(of.known, hook))
		if of.samples != nil {
			hooks = append(hooks, of.samples(hook))
		}
		step := 0
		hooks = append(hooks, countSteps(&step))
		if measure, table := task.Final, of.table; measure != nil && table != nil {
			task.Final = func(ctx context.Context) (map[string]float64, error) {
				metrics, err := measure(ctx)
				if examples, ok := table(step); err == nil && ok {
					err = hook(ctx, examples)
				}
				return metrics, err
			}
		}
	}
	task.Final = saveFirst(task.Save, run.save, task.Final)
	return hinted(train.Fit(cmd.Context(), task, run.Config, hooks...))
}

// hinted says from where a training that failed can be gone on with.
func hinted(result *train.Result, err error) (*train.Result, error) {
	if err != nil && result.Checkpoint != "" && !errors.Is(err, train.ErrDiverged) {
		err = console.Hint(err, "the same command with --resume "+result.Checkpoint+" goes on from there")
	}
	return result, err
}

// follow trains as a rank that writes and shows nothing; its machine is in the record of rank 0.
func follow[B any](cmd *cobra.Command, task train.Task[B], run *training, of record) (*train.Result, error) {
	var hooks []train.Hook
	if of.newRun != nil {
		hook, err := of.newRun(cmd.Context(), run.name, nil, run.ranks.among())
		if err != nil {
			return nil, err
		}
		hooks = append(hooks, hook)
	}
	return hinted(train.Fit(cmd.Context(), task, run.Config, hooks...))
}

// recordFirst returns the hook that records known figures, at step 0, where a training starts anew.
func recordFirst(known map[string]float64, hook train.Hook) train.Hook {
	return func(ctx context.Context, event train.Event) error {
		if err := hook(ctx, event); err != nil {
			return err
		}
		if e, ok := event.(train.Started); ok && e.Step == 0 && len(known) > 0 {
			return hook(ctx, train.Measured{Metrics: known})
		}
		return nil
	}
}

// countSteps returns a hook that keeps the number of the last step.
func countSteps(step *int) train.Hook {
	return func(_ context.Context, event train.Event) error {
		switch e := event.(type) {
		case train.Started:
			*step = e.Step
		case train.Step:
			*step = e.Step
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
