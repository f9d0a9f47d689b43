package compute

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"paperlab/lib/corpus"
	"paperlab/lib/summarize"
	"paperlab/lib/train"
)

// dryRun makes three real steps and takes the loss of some validation examples, and tells from them how long the training and each
// evaluation would take and how much memory. It writes nothing.
func dryRun[B any](cmd *cobra.Command, task train.Task[B], cfg train.Config) error {
	steps, err := cfg.Steps(task.Training.Len())
	if err != nil {
		return err
	}
	validation := task.Validation
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
	if err != nil || validation == nil || task.Group.Rank() > 0 {
		return err
	}
	return dryEvaluation(cmd, task.Model, validation, cfg)
}

// dryEvaluation tells from eight batches how long an evaluation would take.
func dryEvaluation[B any](cmd *cobra.Command, model train.Model[B], validation train.Dataset[B], cfg train.Config) error {
	some := firstOf[B]{validation, min(8*cfg.EvalBatchSize, validation.Len())}
	e, err := train.Evaluate(cmd.Context(), model, some, cfg.EvalBatchSize, cfg.Precision)
	if err != nil {
		return err
	}
	all := e.Runtime.Seconds() * float64(validation.Len()) / float64(some.n)
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%.1f s an evaluation of %d examples\n", all, validation.Len())
	return err
}

// firstOf is a data set's first n examples.
type firstOf[B any] struct {
	train.Dataset[B]
	n int
}

func (f firstOf[B]) Len() int { return f.n }

// drySummary writes one summary and tells how long that took.
func drySummary(cmd *cobra.Command, m *summarize.Model, papers []corpus.Paper, prefix string, by quality) error {
	if len(papers) == 0 {
		return nil
	}
	written, err := m.Summarize(cmd.Context(), prefix+papers[0].Article, by.maxInput, by.Config)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%.2f s a summary, here of %d tokens\n", written.Seconds, len(written.IDs)-1)
	return err
}
