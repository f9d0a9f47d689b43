package exec

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/timandy/routine"
)

// Task is the run of one cell with the goroutines that it starts. It lives as long as they do. Its methods may be called
// from any goroutine.
type Task struct {
	ctx            context.Context
	stdout, stderr io.Writer
	stop           atomic.Bool // set by the context's cancellation; read at function entries and back edges
	streams        streams
}

// NewTask returns a task that writes to stdout and stderr, which must be safe for concurrent use. Cancelling ctx
// interrupts its goroutines.
func NewTask(ctx context.Context, stdout, stderr io.Writer) *Task {
	t := &Task{ctx: ctx, stdout: stdout, stderr: stderr}
	context.AfterFunc(ctx, func() { t.stop.Store(true) })
	return t
}

// Context is the one that the task was made with.
func (t *Task) Context() context.Context { return t.ctx }

// maxDepth bounds nested calls well below the 1 GB at which the Go runtime ends the process: a call takes up to about 1 kB
// of stack.
const maxDepth = 400_000

// callbackDepth is for how many calls one by way of compiled code counts, whose frames are larger.
const callbackDepth = 20

// graceSteps is how many checks an interrupted goroutine passes while its deferred calls run, so that they can unlock
// and close, and while compiled code waits for what it called back, so that it can end by itself: a training saves a
// checkpoint and tells its hooks. None can hold the goroutine.
const graceSteps = 1_000_000

// goroutine is what interpreted code keeps for a goroutine.
type goroutine struct {
	task      *Task
	top       *frame // innermost call
	depth     int
	callbacks int // compiled calls under way that called back
	unwinding int // deferred calls of an interrupt under way
	grace     int // checks passed since the interrupt

	thrower      *frame  // the innermost call when a panic passed compiled code
	traced       any     // the panic on its way, and where it arose
	tracedFrames []Frame //
}

// goroutines finds the goroutine of interpreted code that calls compiled code that calls back.
var goroutines sync.Map // goroutine id -> *goroutine

// current returns what is kept for the calling goroutine, nil if it runs no interpreted code.
func current() *goroutine {
	if g, ok := goroutines.Load(routine.Goid()); ok {
		return g.(*goroutine)
	}
	return nil
}

// interrupt is the panic that stops an interrupted goroutine; exit the one of os.Exit.
type (
	interrupt struct{}
	exit      struct{ code int }
)

// enter begins a call.
func (g *goroutine) enter(fr *frame) {
	g.top = fr
	if g.depth++; g.depth > maxDepth {
		g.depth -= 1000 // room for deferred calls
		panic(runtimeError("stack overflow: calls are nested more than 400,000 deep"))
	}
	if g.task.stop.Load() {
		g.check()
	}
}

// check stops an interrupted goroutine.
func (g *goroutine) check() {
	if (g.unwinding > 0 || g.callbacks > 0) && g.grace < graceSteps {
		g.grace++
		return
	}
	panic(interrupt{})
}

// trace notes where a panic arose, when it is first met.
func (g *goroutine) trace(value any) {
	if g.tracedFrames != nil && same(g.traced, value) {
		return
	}
	from := g.top
	if g.thrower != nil {
		from, g.thrower = g.thrower, nil
	}
	g.traced, g.tracedFrames = value, frames(from)
}

func same(a, b any) bool {
	ta, tb := reflect.TypeOf(a), reflect.TypeOf(b)
	return ta == tb && (ta == nil || !ta.Comparable() || safeEqual(a, b))
}

func safeEqual(a, b any) (equal bool) {
	defer func() { _ = recover() }() // interfaces in a may hold what cannot be compared
	return a == b
}

// do runs f on the calling goroutine as one of the task, and returns how it ended.
func (t *Task) do(f func(g *goroutine)) (err error) {
	id := routine.Goid()
	g := &goroutine{task: t}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // a bad pointer is a panic, not the end of the process
	if outer, ok := goroutines.Swap(id, g); ok {
		defer goroutines.Store(id, outer)
	} else {
		defer goroutines.Delete(id)
	}
	exited := true
	defer func() {
		if value := recover(); value != nil {
			err = g.failure(value)
		} else if exited {
			err = errGoexit
		}
	}()
	f(g)
	exited = false
	return nil
}

// spawn runs f on a new goroutine of the task. A panic there is told on the task's stderr.
func (t *Task) spawn(f func(g *goroutine)) {
	go func() {
		err := t.do(f)
		t.report(err)
	}()
}

// report tells on stderr how a goroutine failed.
func (t *Task) report(err error) {
	if p, ok := err.(*Panic); ok {
		_, _ = fmt.Fprintf(t.stderr, "goroutine %s\n", p.text())
	}
}

// failure is the error for a panic that nothing recovered.
func (g *goroutine) failure(value any) error {
	switch value := value.(type) {
	case interrupt:
		return ErrInterrupted
	case exit:
		return &Exit{value.code}
	}
	g.trace(value)
	return &Panic{Value: value, Frames: g.tracedFrames}
}
