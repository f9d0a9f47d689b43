package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"paperlab/kernel/wire"
)

// Info is how a kernel introduces itself.
type Info struct {
	Implementation string // "paperlab"
	Version        string
	Banner         string
	GoVersion      string // 1.26.0
	HelpLinks      []wire.HelpLink
}

// startTime is how long the first requests wait for a reader of what they broadcast. A client that was there before the
// kernel tries each socket anew every 100 to 200 ms: it may ask on shell before it hears on iopub, and then wait forever for
// the idle that it has missed.
const startTime = 250 * time.Millisecond

// stopTime is how long a cell may take to end when the kernel is shut down: to leave a checkpoint, say.
const stopTime = 4 * time.Second

// Kernel puts a session behind Jupyter's sockets.
type Kernel struct {
	session *Session
	sockets *wire.Sockets
	info    Info
	log     *slog.Logger

	queue   *queue // of what came on shell
	history history
	input   *input
	stop    context.CancelFunc

	mu        sync.Mutex
	interrupt context.CancelFunc // of the running cell; nil if none is
	stopping  bool               // no cell is to run any more
}

// NewKernel returns a kernel that waits for [Kernel.Serve].
func NewKernel(session *Session, sockets *wire.Sockets, info Info, log *slog.Logger) *Kernel {
	return &Kernel{session: session, sockets: sockets, info: info, log: log, queue: newQueue(), input: newInput(sockets.Stdin)}
}

// Serve answers requests until a client asks the kernel to shut down or ctx is done. Then a cell that is still running is
// interrupted, and waited for a little. The sockets stay open.
func (k *Kernel) Serve(ctx context.Context) {
	ctx, k.stop = context.WithCancel(ctx)
	defer k.stop()
	k.publish(nil, wire.Status{State: wire.Starting})
	var loops sync.WaitGroup
	loops.Go(func() { forward(ctx, k.sockets.Shell.Requests(), k.queue.push) })
	loops.Go(func() { forward(ctx, k.sockets.Stdin.Requests(), k.input.reply) })
	loops.Go(func() {
		forward(ctx, k.sockets.Control.Requests(), func(m *wire.Message) { k.handle(&request{m, k.sockets.Control}) })
	})
	cells := make(chan struct{})
	go func() {
		defer close(cells)
		k.awaitReader(ctx)
		for m := k.queue.pop(); m != nil; m = k.queue.pop() {
			k.handle(&request{m, k.sockets.Shell})
		}
	}()
	<-ctx.Done()
	loops.Wait()
	k.queue.close()
	k.endCells()
	select {
	case <-cells:
	case <-time.After(stopTime):
		k.log.Warn("the running cell did not end; it is left behind")
	}
}

// awaitReader waits for the first reader of iopub, and not long.
func (k *Kernel) awaitReader(ctx context.Context) {
	timer := time.NewTimer(startTime)
	defer timer.Stop()
	select {
	case <-k.sockets.IOPub.Subscribed():
	case <-timer.C:
	case <-ctx.Done():
	}
}

// forward hands messages on until ctx is done.
func forward(ctx context.Context, from <-chan *wire.Message, to func(*wire.Message)) {
	for {
		select {
		case m := <-from:
			to(m)
		case <-ctx.Done():
			return
		}
	}
}

// Interrupt stops the running cell, if there is one.
func (k *Kernel) Interrupt() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.interrupt != nil {
		k.interrupt()
	}
}

// endCells interrupts the running cell and those that come.
func (k *Kernel) endCells() {
	k.mu.Lock()
	k.stopping = true
	k.mu.Unlock()
	k.Interrupt()
}

// setInterrupt makes what Interrupt does while a cell runs; nil when it is done.
func (k *Kernel) setInterrupt(cancel context.CancelFunc) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.interrupt = cancel
	if cancel != nil && k.stopping {
		cancel()
	}
}

// request is a message that wants an answer, and where it came in.
type request struct {
	*wire.Message
	router *wire.Router
}

// handlers are the requests that the kernel answers, by type. What may come on shell may come on control too.
var handlers = map[string]func(*Kernel, *request) error{
	"kernel_info_request": (*Kernel).kernelInfo,
	"connect_request":     (*Kernel).connect,
	"execute_request":     (*Kernel).execute,
	"complete_request":    (*Kernel).complete,
	"inspect_request":     (*Kernel).inspect,
	"is_complete_request": (*Kernel).isComplete,
	"history_request":     (*Kernel).findHistory,
	"comm_info_request":   (*Kernel).commInfo,
	"comm_open":           (*Kernel).commOpen,
	"comm_msg":            (*Kernel).commMessage,
	"comm_close":          (*Kernel).commMessage,
	"interrupt_request":   (*Kernel).interruptRequest,
	"shutdown_request":    (*Kernel).shutdown,
	"debug_request":       (*Kernel).debug,
}

// handle answers a request between the broadcasts of busy and idle.
func (k *Kernel) handle(r *request) {
	handler, ok := handlers[r.Header.Type]
	if !ok {
		k.log.Warn("unknown request", "type", r.Header.Type)
		return
	}
	if r.Header.Type == "execute_request" && r.router != k.sockets.Shell {
		k.log.Warn("execute_request belongs on shell", "came on", "control")
		return
	}
	k.publish(r.AsParent(), wire.Status{State: wire.Busy})
	if err := k.answer(handler, r); err != nil && !errors.Is(err, wire.ErrUnreachable) {
		k.log.Error("request failed", "type", r.Header.Type, "error", err)
	}
	k.publish(r.AsParent(), wire.Status{State: wire.Idle})
}

// answer calls a handler. A panic in it, which is a bug, fails the request and not the kernel with all its variables.
func (k *Kernel) answer(handler func(*Kernel, *request) error, r *request) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			err = errors.Join(err, r.fail("InternalError", fmt.Sprint(p)))
		}
	}()
	return handler(k, r)
}

// decode reads a request's content. What cannot be read is answered with an error.
func (r *request) decode(into any) error {
	err := json.Unmarshal(r.Content, into)
	if err == nil {
		return nil
	}
	return errors.Join(err, r.fail("ValueError", "malformed "+r.Header.Type+": "+err.Error()))
}

// fail answers a request with an error. Messages that are no requests have no answer.
func (r *request) fail(name, value string) error {
	what, ok := strings.CutSuffix(r.Header.Type, "_request")
	if !ok {
		return nil
	}
	failed := explain(name, value)
	return r.reply(wire.Reply{Type: what + "_reply", Status: wire.Failed, Error: &failed})
}

func (r *request) reply(content wire.Content) error { return r.router.Reply(r.Message, content, nil) }

// publish broadcasts on iopub.
func (k *Kernel) publish(parent wire.Parent, content wire.Content) {
	if err := k.sockets.IOPub.Publish(parent, content); err != nil {
		k.log.Error("broadcast", "error", err)
	}
}
