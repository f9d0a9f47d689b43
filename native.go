//go:build native

package main

import (
	"context"
	"errors"
	"log"
	"time"

	"github.com/spf13/cobra"

	kernel "paperlab/kernel/cli"
	notebook "paperlab/kernel/cli/compute"
	"paperlab/lib/cli/compute"
	"paperlab/lib/train"
	"paperlab/tracker"
	"paperlab/tracker/hook"
	"paperlab/tracker/runs"
	"paperlab/tracker/sysmon"
	"paperlab/tracker/web"
)

// computing are the verbs that need libtorch or FAISS.
func computing() []*cobra.Command {
	r := recording{every: sysmon.Interval}
	verbs := compute.Commands(r.newRun, keep, drawing, open)
	for _, verb := range verbs {
		if verb.Name() == "train" {
			verb.PersistentFlags().DurationVar(&r.every, "system-metrics", r.every, "time between records of processor, memory, disk, network and GPU (0: none)")
		}
	}
	return verbs
}

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
	table, err := runs.Query{
		Filter: `status == "running"`, Columns: `name, project, started, duration, last("train/loss"), min("eval/loss")`,
	}.Table(ctx, store)
	if err = errors.Join(err, store.Close()); err != nil {
		return nil, err
	}
	if len(table.Rows) == 0 {
		return none, nil
	}
	return table, nil
}

// recording is how trainings are recorded.
type recording struct {
	every time.Duration // between samples of the machine; 0 for none
}

// newRun opens the nearest database and returns the hook that records a training in it.
func (r *recording) newRun(ctx context.Context, name string, params map[string]any, among compute.Ranks) (train.Hook, error) {
	if among.Rank > 0 {
		return r.follow(among), nil
	}
	store, err := runs.Open(ctx, "")
	if err != nil {
		return nil, err
	}
	sampling := hook.WithoutSampling()
	if r.every > 0 {
		sampling = hook.Sampling(sysmon.Options{Every: r.every})
	}
	record := hook.NewRecord(store, runs.Options{Name: name, Params: params, Console: true}, sampling)
	log := record.Lead(among.Share)
	return func(ctx context.Context, event train.Event) error {
		err := log(ctx, event)
		if _, last := event.(train.Finished); last {
			err = errors.Join(err, store.Close())
		}
		return err
	}, nil
}

// follow returns the hook of a rank that records its machine only, in the run of rank 0.
func (r *recording) follow(among compute.Ranks) train.Hook {
	open := func(ctx context.Context) (tracker.Store, error) { return runs.OpenExisting(ctx, "") }
	if r.every <= 0 {
		open = func(context.Context) (tracker.Store, error) { return nil, tracker.ErrNotFound }
	}
	return hook.Follow(open, among.Rank, among.Share, sysmon.Options{Every: r.every})
}

// open serves a page of the library as the dashboard is served: behind the same guard.
func open(ctx context.Context, site compute.Site) error {
	return web.Open(ctx, web.Site{
		Addr: site.Addr, Token: site.Token, Handler: site.Handler, Ready: site.Ready, Complaints: log.New(site.Complaints, "paperlab: serve: ", 0),
	})
}
