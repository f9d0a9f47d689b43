//go:build native

package main

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"paperlab/lib/cli/compute"
	"paperlab/lib/train"
	"paperlab/tracker"
	"paperlab/tracker/hook"
	"paperlab/tracker/runs"
)

// computing are the verbs that need libtorch or FAISS.
func computing() []*cobra.Command { return compute.Commands(newRun) }

// newRun opens the nearest database and returns the hook that records a training in it.
func newRun(ctx context.Context, name string, params map[string]any) (train.Hook, error) {
	store, err := runs.Open(ctx, "")
	if err != nil {
		return nil, err
	}
	return record(store, runs.Options{Name: name, Params: params}), nil
}

// record returns the hook that opens the run of a training when that starts, fills it and, behind the last event, closes
// the store.
func record(store tracker.Store, options runs.Options) train.Hook {
	log := train.Hook(func(context.Context, train.Event) error { return nil })
	return func(ctx context.Context, event train.Event) error {
		if started, ok := event.(train.Started); ok {
			run, err := openRun(ctx, store, options, started.Resumed)
			if err != nil {
				return err
			}
			log = hook.New(run)
		}
		err := log(ctx, event)
		if _, last := event.(train.Finished); last {
			err = errors.Join(err, store.Close())
		}
		return err
	}
}

// checkpointTag is the tag in which package hook keeps a run's newest checkpoint.
const checkpointTag = "checkpoint"

// openRun takes up the run of the training that saved the checkpoint, in a new session. Where there is none, or no
// checkpoint, it starts a run.
func openRun(ctx context.Context, store tracker.Store, options runs.Options, checkpoint string) (*runs.Run, error) {
	if checkpoint == "" {
		return runs.Start(ctx, store, options)
	}
	all, err := store.Runs(ctx, tracker.RunFilter{})
	if err != nil {
		return nil, err
	}
	here, err := os.Getwd() // a checkpoint's path is from there
	if err != nil {
		return nil, err
	}
	for _, run := range all {
		if run.Owner != nil && run.Source.Dir == here && run.Tags[checkpointTag] == checkpoint {
			return runs.Resume(ctx, store, run.ID)
		}
	}
	return runs.Start(ctx, store, options)
}
