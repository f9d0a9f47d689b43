package hook

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"paperlab/lib/train"
	"paperlab/tracker"
	"paperlab/tracker/runs"
	"paperlab/tracker/sysmon"
)

// Share hands a run's id from rank 0 of a training to its other processes. Every rank calls it once, when the training
// starts: rank 0 with the id, the others with whatever text.
type Share func(ctx context.Context, id string) (string, error)

// Lead makes the record known to the other ranks of its training, which [Follow] it. A nil share leaves it as it is.
func (r *Record) Lead(share Share) train.Hook {
	return func(ctx context.Context, event train.Event) error {
		err := r.Hook(ctx, event)
		if _, first := event.(train.Started); !first || share == nil || err != nil {
			return err
		}
		_, err = share(ctx, r.run.ID())
		return err
	}
}

// Follow is the hook of a rank other than 0: it samples this process's machine into the run of rank 0, with the context
// rank=1 and so on. The store is opened when rank 0 has its run, and closed with the training; where there is none, or
// the run is not in it, as with a file of another machine's, nothing is recorded.
func Follow(open func(context.Context) (tracker.Store, error), rank int, share Share, sampling sysmon.Options) train.Hook {
	f := &follower{end: func() error { return nil }}
	sampling.Labels = map[string]string{"rank": strconv.Itoa(rank)}
	return func(ctx context.Context, event train.Event) error {
		switch event.(type) {
		case train.Started:
			id, err := share(ctx, "")
			if err != nil {
				return err
			}
			if err := f.start(ctx, open, id, sampling); err != nil && !errors.Is(err, tracker.ErrNotFound) {
				return fmt.Errorf("the record of rank %d: %w", rank, err)
			}
		case train.Finished:
			return f.end()
		}
		return nil
	}
}

// follower samples until its end.
type follower struct{ end func() error }

func (f *follower) start(ctx context.Context, open func(context.Context) (tracker.Store, error), id string, sampling sysmon.Options) error {
	store, err := open(ctx)
	if err != nil {
		return err
	}
	run, err := runs.Attach(ctx, store, id)
	if err != nil {
		return errors.Join(err, store.Close())
	}
	stop := sysmon.Start(ctx, run, sampling)
	f.end = func() error {
		stop()
		return store.Close()
	}
	return nil
}
