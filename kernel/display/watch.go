package display

import (
	"context"
	"errors"
	"time"
)

// Watch shows what load returns and redraws it so often, until the context is cancelled, which is no error, or load fails.
// What load returns is shown as [Render] does: a table of runs, for instance.
func Watch(ctx context.Context, every time.Duration, load func(context.Context) (any, error)) error {
	v, err := load(ctx)
	if err != nil {
		return err
	}
	h, err := NewHandle(ctx, v)
	if err != nil {
		return err
	}
	tick := time.NewTicker(max(every, interval))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return h.Flush()
		case <-tick.C:
		}
		if v, err = load(ctx); ctx.Err() == nil && err != nil {
			return errors.Join(err, h.Flush())
		}
		if err == nil {
			if err := h.Update(v); err != nil {
				return err
			}
		}
	}
}
