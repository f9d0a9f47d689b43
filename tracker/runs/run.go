package runs

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"paperlab/tracker"
)

// Options say what is known of a run at its start. Everything may be left out.
type Options struct {
	Project string // "default" if empty
	Name    string // "run-" and the end of its ID if empty
	Group   string
	Parent  string // a run's ID
	Notes   string
	Params  map[string]any // see [tracker.NewParams] for what may be in it
	Tags    map[string]string

	Clock   func() time.Time // time.Now if nil
	Entropy io.Reader        // for the ID; crypto/rand if nil
}

// Run is the handle by which a program logs to its run. It may be shared between goroutines.
type Run struct {
	store   tracker.Store
	id      string
	session int64
	clock   func() time.Time
	owned   bool // by this process, which keeps it alive

	ended  atomic.Bool
	ending sync.Mutex
	rest   func() // stops the heartbeats and waits for them
}

// Start opens a run that this process owns: heartbeats keep it running until [Run.Finish], and if the process dies
// without, it turns crashed. The command line, the git commit of the working directory with what differs from it, and
// the machine are captured.
func Start(ctx context.Context, store tracker.Store, options Options) (*Run, error) {
	owner, err := self()
	if err != nil {
		return nil, &tracker.Error{Op: "start run", Err: err}
	}
	return open(ctx, store, options, owner)
}

// Create opens a run that no process owns, for programs that log to it one command at a time with [Attach]. It never
// turns crashed.
func Create(ctx context.Context, store tracker.Store, options Options) (*Run, error) {
	return open(ctx, store, options, nil)
}

func open(ctx context.Context, store tracker.Store, o Options, owner *tracker.Owner) (*Run, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Entropy == nil {
		o.Entropy = rand.Reader
	}
	now := o.Clock()
	id, err := tracker.NewID(now, o.Entropy)
	if err != nil {
		return nil, err
	}
	if o.Project == "" {
		o.Project = "default"
	}
	if o.Name == "" {
		o.Name = "run-" + id[len(id)-6:]
	}
	run := &tracker.Run{
		ID: id, Project: o.Project, Name: o.Name, Group: o.Group, Parent: o.Parent,
		Status: tracker.Running, Started: now, Session: 1, Owner: owner,
		Params: o.Params, Tags: o.Tags, Notes: o.Notes,
		Source: captureSource(ctx), Machine: captureMachine(),
	}
	if owner != nil {
		run.Heartbeat = now
	}
	if err := store.CreateRun(ctx, run); err != nil {
		return nil, err
	}
	return handle(store, run, o.Clock, owner != nil), nil
}

// Resume takes up a run that [Start] opened and whose process ended. It opens a new session: what it logs hides what
// older sessions logged from its own first step on (see [tracker.Curve]), and loses nothing. It refuses a run that is
// still going on.
func Resume(ctx context.Context, store tracker.Store, id string) (*Run, error) {
	owner, err := self()
	if err != nil {
		return nil, &tracker.Error{Op: "resume run", On: id, Err: err}
	}
	run, err := store.UpdateRun(ctx, id, func(r *tracker.Run) error {
		now := time.Now()
		if r.Owner == nil {
			return &tracker.Error{
				Op: "resume run", On: id, Err: fmt.Errorf("%w: no process ever owned it", tracker.ErrInvalid),
				Advice: "log to it with runs.Attach, or with: paperlab log --run " + id,
			}
		}
		if r.Status == tracker.Running && !crashed(r, now) {
			return stillRunning(r)
		}
		r.Session++
		r.Owner, r.Status, r.Heartbeat, r.Ended = owner, tracker.Running, now, time.Time{}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return handle(store, run, time.Now, true), nil
}

// Attach gives a handle on any run, without owning it.
func Attach(ctx context.Context, store tracker.Store, id string) (*Run, error) {
	run, err := store.Run(ctx, id)
	if err != nil {
		return nil, err
	}
	return handle(store, run, time.Now, false), nil
}

func handle(store tracker.Store, run *tracker.Run, clock func() time.Time, owned bool) *Run {
	r := &Run{store: store, id: run.ID, session: run.Session, clock: clock, owned: owned, rest: func() {}}
	if owned {
		r.rest = keepAlive(store, run.ID, clock)
	}
	return r
}

// ID returns the run's identifier.
func (r *Run) ID() string { return r.id }

// SetTag sets a tag of the run.
func (r *Run) SetTag(ctx context.Context, key, value string) error {
	if err := r.writable("set tag of run"); err != nil {
		return err
	}
	_, err := r.store.UpdateRun(ctx, r.id, func(run *tracker.Run) error {
		run.Tags[key] = value
		return nil
	})
	return err
}

// Finish ends the run as finished, failed or killed, and waits for the heartbeats to stop. It goes through even if ctx has
// ended, for that is often why a run ends. Once it succeeded nothing more can be logged by this handle, and further
// calls do nothing, so that it may be deferred.
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
	r.rest()
	_, err := r.store.UpdateRun(context.WithoutCancel(ctx), r.id, func(run *tracker.Run) error {
		now := r.clock()
		switch {
		case !r.owned && run.Status == tracker.Running && run.Owner != nil && !crashed(run, now):
			return stillRunning(run)
		case run.Status == status:
			return nil
		case run.Status != tracker.Running && run.Status != tracker.Crashed:
			return &tracker.Error{Op: op, On: r.id, Err: fmt.Errorf("%w, as %s", tracker.ErrEnded, run.Status)}
		}
		run.Status, run.Ended = status, now
		return nil
	})
	r.ended.Store(err == nil)
	return err
}

// writable fails once the run was finished by this handle.
func (r *Run) writable(op string) error {
	if r.ended.Load() {
		return &tracker.Error{Op: op, On: r.id, Err: tracker.ErrEnded, Advice: "runs.Resume takes it up again"}
	}
	return nil
}

func stillRunning(run *tracker.Run) error {
	return &tracker.Error{
		Op: "take over run", On: run.ID,
		Err:    fmt.Errorf("%w in process %d on %s", tracker.ErrRunning, run.Owner.PID, run.Machine.Host),
		Advice: "end that process first",
	}
}
