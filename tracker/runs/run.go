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

	// Console keeps what the process writes to its standard output and error, while it goes where it went before: see package
	// tee. One run of a process at a time can; that it cannot be had is a warning. Cells' own output is the notebook's.
	Console bool
	// Warn is told what goes wrong where the run goes on nevertheless, the same thing once until it works again: a store that
	// refuses what it cannot keep now, a GPU that cannot be read. It may be called by several goroutines. A line on standard error if nil.
	Warn func(error)

	Clock   func() time.Time // time.Now if nil
	Entropy io.Reader        // for the ID; crypto/rand if nil
}

// Run is the handle by which a program logs to its run. It may be shared between goroutines.
type Run struct {
	store   tracker.Store
	id      string
	session int64
	started time.Time
	clock   func() time.Time
	owned   bool // by this process, which keeps it alive
	spool   spool
	cells   cells
	warn    warnings
	console *console // nil for none

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
	return begin(ctx, store, options, owner)
}

// Create opens a run that no process owns, for programs that log to it one command at a time with [Attach]. It never
// turns crashed.
func Create(ctx context.Context, store tracker.Store, options Options) (*Run, error) {
	return begin(ctx, store, options, nil)
}

func begin(ctx context.Context, store tracker.Store, o Options, owner *tracker.Owner) (*Run, error) {
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
	book := notebookFrom(ctx)
	run := &tracker.Run{
		ID: id, Project: o.Project, Name: o.Name, Group: o.Group, Parent: o.Parent,
		Status: tracker.Running, Started: now, Session: 1, Owner: owner,
		Params: o.Params, Tags: book.tag(o.Tags), Notes: o.Notes,
		Source: captureSource(ctx), Machine: captureMachine(),
	}
	if owner != nil {
		run.Heartbeat = now
	}
	if err := store.CreateRun(ctx, run); err != nil {
		return nil, err
	}
	return own(ctx, store, run, o, book), nil
}

// Resume takes up a run that [Start] opened and whose process ended. It opens a new session: what it logs hides what
// older sessions logged from its own first step on (see [tracker.Curve]), and loses nothing. It refuses a run that is
// still going on. Of the options only Console, Warn and Clock
// count.
func Resume(ctx context.Context, store tracker.Store, id string, o Options) (*Run, error) {
	owner, err := self()
	if err != nil {
		return nil, &tracker.Error{Op: "resume run", On: id, Err: err}
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	now := o.Clock()
	run, err := store.UpdateRun(ctx, id, func(r *tracker.Run) error {
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
	return own(ctx, store, run, o, notebookFrom(ctx)), nil
}

// Attach gives a handle on any run, without owning it.
func Attach(ctx context.Context, store tracker.Store, id string) (*Run, error) {
	run, err := store.Run(ctx, id)
	if err != nil {
		return nil, err
	}
	r := handle(store, run, Options{Clock: time.Now})
	if len(spooled(id)) > 0 {
		r.spool.cause = errEarlier
	}
	return r, nil
}

func handle(store tracker.Store, run *tracker.Run, o Options) *Run {
	return &Run{
		store: store, id: run.ID, session: run.Session, started: run.Started, clock: o.Clock,
		spool: spool{run: run.ID}, warn: warnings{tell: o.Warn}, rest: func() {},
	}
}

// own gives a handle on a run that is this process's if it has an owner, and keeps it alive then.
func own(ctx context.Context, store tracker.Store, run *tracker.Run, o Options, book notebook) *Run {
	r := handle(store, run, o)
	r.Warn(Drain(ctx, store))
	if run.Owner == nil {
		return r
	}
	r.owned = true
	r.Warn(r.spool.create())
	r.cells = cells{run: r, of: book}
	r.Warn(r.cells.save(ctx))
	var err error
	r.rest = every(beat, func(ctx context.Context) {
		// A beat that fails is not reported: the next one comes soon, and what keeps the store from being written shows in
		// everything that is logged.
		_ = store.Heartbeat(ctx, run.ID, r.clock())
		r.Warn(r.cells.save(context.WithoutCancel(ctx)))
	})
	if o.Console {
		r.console, err = startConsole(r)
		r.Warn(err)
	}
	return r
}

// ID returns the run's identifier.
func (r *Run) ID() string { return r.id }

// Started returns when the run began, its first session if there were several.
func (r *Run) Started() time.Time { return r.started }

// SetTag sets a tag of the run.
func (r *Run) SetTag(ctx context.Context, key, value string) error {
	return r.put(ctx, "set tag of run", line{Tag: &tag{r.session, key, value}})
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
