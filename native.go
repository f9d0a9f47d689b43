//go:build native

package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	kernel "paperlab/kernel/cli"
	notebook "paperlab/kernel/cli/compute"
	"paperlab/lib/cli/compute"
	"paperlab/lib/train"
	"paperlab/tracker"
	"paperlab/tracker/hook"
	"paperlab/tracker/runs"
)

// computing are the verbs that need libtorch or FAISS.
func computing() []*cobra.Command { return compute.Commands(newRun) }

// notebooks are the verbs of the kernel.
func notebooks() []*cobra.Command {
	return []*cobra.Command{
		kernel.KernelCommand(notebook.Run(liveRuns)),
		kernel.Notebook(kernel.NotebookRun(notebook.NotebookKernel(liveRuns))),
	}
}

// liveRuns returns a table of the runs that go on in the nearest database, for the magic %track.
func liveRuns(ctx context.Context) (any, error) {
	const none = "No run is going on."
	store, err := runs.OpenExisting(ctx, "")
	if errors.Is(err, tracker.ErrNotFound) {
		return none, nil
	}
	if err != nil {
		return nil, err
	}
	table, err := runs.Table(ctx, store, tracker.RunFilter{Status: tracker.Running})
	if err = errors.Join(err, store.Close()); err != nil {
		return nil, err
	}
	if len(table.Rows) == 0 {
		return none, nil
	}
	return table, nil
}

// newRun opens the nearest database and returns the hook that records a training in it.
func newRun(ctx context.Context, name string, params map[string]any) (train.Hook, error) {
	store, err := runs.Open(ctx, "")
	if err != nil {
		return nil, err
	}
	record := hook.NewRecord(store, runs.Options{Name: name, Params: params, Console: true})
	return func(ctx context.Context, event train.Event) error {
		err := record.Hook(ctx, event)
		if _, last := event.(train.Finished); last {
			err = errors.Join(err, store.Close())
		}
		return err
	}, nil
}
