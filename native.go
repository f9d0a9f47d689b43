//go:build native

package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"paperlab/lib/cli/compute"
	"paperlab/lib/train"
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
	record := hook.NewRecord(store, runs.Options{Name: name, Params: params})
	return func(ctx context.Context, event train.Event) error {
		err := record.Hook(ctx, event)
		if _, last := event.(train.Finished); last {
			err = errors.Join(err, store.Close())
		}
		return err
	}, nil
}
