//go:build native

package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"paperlab/lib/cli/compute"
	"paperlab/lib/train"
	"paperlab/tracker"
	"paperlab/tracker/hook"
	"paperlab/tracker/runs"
)

// computing are the verbs that need libtorch or FAISS.
func computing() []*cobra.Command { return compute.Commands(newRun) }

// newRun starts a run in the nearest database and returns the hook that fills it and, when the training ends, closes both.
func newRun(ctx context.Context, name string, params map[string]any) (train.Hook, error) {
	store, err := runs.Open(ctx, "")
	if err != nil {
		return nil, err
	}
	run, err := runs.Start(ctx, store, runs.Options{Name: name, Params: params})
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return closing(hook.New(run), store), nil
}

// closing closes the store after the training's last event.
func closing(log train.Hook, store tracker.Store) train.Hook {
	return func(ctx context.Context, event train.Event) error {
		err := log(ctx, event)
		if _, last := event.(train.Finished); last {
			err = errors.Join(err, store.Close())
		}
		return err
	}
}
