package hook

import (
	"context"
	"os"
	"path/filepath"

	"paperlab/lib/train"
	"paperlab/tracker"
	"paperlab/tracker/runs"
)

// Record is one training's run, which it opens when the training starts: one that cannot start leaves none, and one that goes on
// from a checkpoint goes on in the run that saved it.
type Record struct {
	store   tracker.Store
	options runs.Options
	how     []Option
	run     *runs.Run
	log     train.Hook
}

// NewRecord returns the record of a training, which Hook fills. The store must stay open as long.
func NewRecord(store tracker.Store, options runs.Options, how ...Option) *Record {
	return &Record{store: store, options: options, how: how}
}

// Hook is the training's hook: what it logs is listed at [New]. A store in which the run cannot be opened ends the training before it
// begins; one that fails later does not.
func (r *Record) Hook(ctx context.Context, event train.Event) error {
	if started, ok := event.(train.Started); ok {
		run, err := open(ctx, r.store, r.options, started.Resumed)
		if err != nil {
			return err
		}
		r.run, r.log = run, New(run, r.how...)
	}
	if r.log == nil { // a training that could not start
		return nil
	}
	return r.log(ctx, event)
}

// Run returns a handle by which more can be logged to the run, also after the training: test losses, summaries.
func (r *Record) Run(ctx context.Context) (*runs.Run, error) {
	if r.run == nil {
		return nil, &tracker.Error{
			Op: "find the run of a training", Err: tracker.ErrNotFound, Advice: "it is opened when the training starts: train first",
		}
	}
	return runs.Attach(ctx, r.store, r.run.ID())
}

// open takes up the run of the training that saved the checkpoint, in a new session. Where there is none, or no checkpoint, it
// starts a run.
func open(ctx context.Context, store tracker.Store, options runs.Options, checkpoint string) (*runs.Run, error) {
	if checkpoint == "" {
		return runs.Start(ctx, store, options)
	}
	all, err := store.Runs(ctx, tracker.RunFilter{})
	if err != nil {
		return nil, err
	}
	here, err := os.Getwd() // a checkpoint's path is from there
	if err != nil {
		return nil, &tracker.Error{Op: "find the run of a checkpoint", On: checkpoint, Err: err}
	}
	for _, saved := range []func(*tracker.Run) bool{
		func(run *tracker.Run) bool { return run.Tags[checkpointTag] == checkpoint },
		// One that was killed had no time to say so. Whoever trained in a folder last saved what is in it: see train.Fit.
		func(run *tracker.Run) bool { return run.Params["output"] == filepath.Dir(checkpoint) },
	} {
		for _, run := range all { // the last first
			if run.Owner != nil && run.Source.Dir == here && saved(run) {
				return runs.Resume(ctx, store, run.ID, options)
			}
		}
	}
	return runs.Start(ctx, store, options)
}
