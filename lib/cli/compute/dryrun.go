package compute

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"paperlab/lib/train"
)

// dryRun makes three real steps and tells from the last how long the training would take and how much memory. It writes nothing.
func dryRun[B any](cmd *cobra.Command, task train.Task[B], cfg train.Config) error {
	steps, err := cfg.Steps(task.Training.Len())
	if err != nil {
		return err
	}
	task.Validation, task.Final = nil, nil
	cfg.Output, cfg.Resume, cfg.MaxSteps, cfg.LogEvery = "", "", min(3, steps), 1
	var perStep time.Duration
	var memory float64
	last := time.Now()
	clock := func(_ context.Context, event train.Event) error {
		switch e := event.(type) {
		case train.Step:
			// The last step counts: the first pays for what is set up once.
			perStep, last = time.Since(last), time.Now()
		case train.Logged:
			memory = e.MemoryMB
		}
		return nil
	}
	if _, err := train.Fit(cmd.Context(), task, cfg, clock); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d examples, %d optimizer steps of %d x %d\n%.2f s a step: %s without evaluations\n%.0f MB of memory\n",
		task.Training.Len(), steps, cfg.Accumulation, cfg.BatchSize, perStep.Seconds(), (time.Duration(steps) * perStep).Round(time.Second), memory)
	return err
}
