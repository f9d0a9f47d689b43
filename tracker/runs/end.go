package runs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"paperlab/tracker"
)

// Do starts a run for the length of work, and ends it by how that ended: see [Run.End]. The context that work is given is
// cancelled by SIGINT and SIGTERM, so that a run that somebody stops is killed and not crashed.
func Do(ctx context.Context, store tracker.Store, o Options, work func(ctx context.Context, run *Run) error) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	run, err := Start(ctx, store, o)
	if err != nil {
		return err
	}
	returned := false
	defer func() {
		if !returned { // a panic, which goes on its way
			run.Warn(run.End(ctx, errors.New("panic")))
		}
	}()
	err = work(ctx, run)
	returned = true
	return errors.Join(err, run.End(ctx, err))
}

// End ends the run by how its work ended: as finished where err is nil; as killed where ctx was cancelled, as
// signal.NotifyContext does, or err says so; else as failed, with err in the tag error. It returns what keeps it from ending.
func (r *Run) End(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return r.Finish(ctx, tracker.Finished)
	case errors.Is(err, context.Canceled), errors.Is(ctx.Err(), context.Canceled):
		return r.Finish(ctx, tracker.Killed)
	}
	if r.ended.Load() {
		return nil
	}
	return errors.Join(r.SetTag(context.WithoutCancel(ctx), "error", err.Error()), r.Finish(ctx, tracker.Failed))
}

// Finish ends the run as finished, failed or killed, and waits for the heartbeats to stop. It goes through even if ctx has
// ended, for that is often why a run ends. Once it succeeded nothing more can be logged by this handle, and further
// calls do nothing, so that it may be deferred. Where the store refuses, the end is spooled with the rest (see [ErrSpooled]),
// and that is an end too.
func (r *Run) Finish(ctx context.Context, status tracker.Status) error {
	const op = "finish run"
	if !status.Ended() || status == tracker.Crashed {
		return &tracker.Error{
			Op: op, On: r.id, Err: fmt.Errorf("%w status %q", tracker.ErrInvalid, status),
			Advice: "end it as finished, failed or killed",
		}
	}
	r.ending.Lock()
	defer r.ending.Unlock()
	if r.ended.Load() {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	r.rest()
	r.Warn(r.cells.save(ctx))
	if r.console != nil {
		r.Warn(r.console.stop(ctx))
		r.console = nil
	}
	now := r.clock()
	err := r.catchUp(ctx, true) // what waits was logged before the end
	if err == nil {
		_, err = r.store.UpdateRun(ctx, r.id, func(run *tracker.Run) error { return r.finish(run, status, now) })
	}
	if r.owned && refused(ctx, err) {
		err = r.keep(op, line{End: &end{r.session, status, now}}, err)
	}
	if err != nil && !errors.Is(err, ErrSpooled) {
		return err
	}
	r.ended.Store(true)
	return errors.Join(err, r.spool.close())
}

func (r *Run) finish(run *tracker.Run, status tracker.Status, now time.Time) error {
	switch {
	case !r.owned && run.Status == tracker.Running && run.Owner != nil && !crashed(run, now):
		return stillRunning(run)
	case run.Status == status:
		return nil
	case run.Status != tracker.Running && run.Status != tracker.Crashed:
		return &tracker.Error{Op: "finish run", On: r.id, Err: fmt.Errorf("%w, as %s", tracker.ErrEnded, run.Status)}
	}
	run.Status, run.Ended = status, now
	return nil
}
