package dist

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"paperlab/lib/dist/native"
	"paperlab/lib/dist/store"
	"paperlab/lib/tensor"
)

// Group is the processes that train together, as one of them sees it. A nil *Group is a process alone: rank 0 of 1, whose operations
// have nothing to do.
//
// A group belongs to one goroutine at a time, for the ranks have to begin the same operations in the same order; Close may be called
// from another, and ends what goes on.
type Group struct {
	member  Member
	timeout time.Duration
	server  *store.Server // where this rank serves the store
	client  *store.Client

	closing func()          // ends waits
	open    context.Context // until Close

	mu     sync.Mutex // held through each operation
	native *native.Group
	nccl   bool  // whether NCCL is in
	dead   error // why no operation can succeed any more
	stuck  bool  // whether an operation may still be in flight
}

// Options say how a group works.
type Options struct {
	Backend string        // Gloo, NCCL or Auto; empty: Gloo
	Device  tensor.Device // where this rank's tensors are to lie: its own GPU for NCCL, which works nowhere else
	Timeout time.Duration // of joining and of every operation; 0: 30 minutes, as in PyTorch
}

// defaultTimeout is torch.distributed's.
const defaultTimeout = 30 * time.Minute

var (
	// ErrDead is in the chain of the error of every call on a group after the first failure.
	ErrDead = errors.New("the ranks are apart since an earlier failure (end this process, and start all of them anew)")
	// ErrTimeout is in the chain of the error of an operation that another rank did not join in time: it hangs, or was stopped.
	ErrTimeout = errors.New("another rank did not join in time")
	// ErrLost is in the chain of the error of an operation during which another rank ended: what happened, that rank knows.
	ErrLost error = lostError{}
)

// lostError is what a rank's end does to the others.
type lostError struct{}

func (lostError) Error() string {
	return "another rank is gone (its own output says why; start all of them anew)"
}

// Consequence tells console's Report that another process knows the cause.
func (lostError) Consequence() bool { return true }

// FromEnv joins the group that the environment speaks of (see [FromVariables]), and returns nil where this process is alone.
func FromEnv(ctx context.Context, o Options) (*Group, error) {
	m, err := FromVariables(os.LookupEnv)
	if err != nil {
		return nil, err
	}
	return Join(ctx, m, o)
}

// Join waits until all members have joined, and returns nil for one alone. Close leaves the group.
func Join(ctx context.Context, m Member, o Options) (*Group, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	if m.Size <= 1 {
		return nil, nil
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	g := &Group{member: m, timeout: o.Timeout}
	g.open, g.closing = context.WithCancel(context.Background())
	if err := g.join(ctx, o); err != nil {
		err = fmt.Errorf("dist: rank %d of %d: join: %w", m.Rank, m.Size, g.why(err))
		return nil, errors.Join(err, g.Close())
	}
	return g, nil
}

func (g *Group) join(ctx context.Context, o Options) (err error) {
	m := g.member
	ip := net.ParseIP(m.Host)
	local := m.Host == "localhost" || ip.IsLoopback()
	if !m.Served && m.Rank == 0 {
		host := "" // the others may know this machine by an address that is not its own, such as a service's
		if local {
			host = m.Host
		}
		if g.server, err = store.Serve(net.JoinHostPort(host, strconv.Itoa(m.Port))); err != nil {
			return err
		}
	}
	if g.client, err = store.Dial(ctx, m.Host, m.Port, g.timeout); err != nil {
		return err
	}
	if !m.Served {
		if err := g.client.CountMe(); err != nil {
			return err
		}
	}
	attempt := below{Store: g.client}
	if m.Attempt > 0 { // before torch 2.15 torchrun's store outlives the processes
		attempt.prefix = fmt.Sprintf("worker/attempt_%d/", m.Attempt)
	}
	keys := &rendezvous{below: below{attempt, glooPrefix}, rank: m.Rank, size: m.Size}
	at := native.Address{Interface: m.Interface}
	if local {
		at.Host = m.Host
	}
	if g.native, err = native.Join(keys, m.Rank, m.Size, g.timeout, at); err != nil {
		return cmp.Or(keys.missed, err) // gloo makes a text of it
	}
	return g.joinNCCL(ctx, o, below{attempt, ncclPrefix})
}

// Rank is this process's number, from 0.
func (g *Group) Rank() int {
	if g == nil {
		return 0
	}
	return g.member.Rank
}

// Size is the number of processes.
func (g *Group) Size() int {
	if g == nil {
		return 1
	}
	return g.member.Size
}

// Backend is what takes tensors on a GPU: [NCCL] or [Gloo].
func (g *Group) Backend() string {
	if g != nil && g.nccl {
		return NCCL
	}
	return Gloo
}

// Close leaves the group: operations in which others wait for this rank fail there. What goes on here ends with an error. Closing
// twice is harmless.
func (g *Group) Close() error {
	if g == nil {
		return nil
	}
	g.closing()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.dead == nil {
		g.dead = errors.New("it was closed")
	}
	// An operation that is stuck ends with its timeout, or with the process.
	if g.native != nil && !g.stuck {
		g.native.Leave()
	}
	g.native = nil
	var err error
	if g.client != nil {
		err = g.client.Close()
		g.client = nil
	}
	if g.server != nil {
		err = errors.Join(err, g.server.Close())
		g.server = nil
	}
	return err
}

// why puts one of this package's errors around what c10d says, which has no codes.
func (g *Group) why(err error) error {
	text := err.Error()
	has := func(words ...string) bool {
		for _, word := range words {
			if strings.Contains(text, word) {
				return true
			}
		}
		return false
	}
	switch {
	case has("onnection reset by peer", "onnection closed by peer", "roken pipe", "remote process exited"):
		return fmt.Errorf("%w: %w", ErrLost, trim(err))
	case errors.Is(err, store.ErrTimeout), has("imed out", "pplication timeout"):
		return fmt.Errorf("%w (%v): %w", ErrTimeout, g.timeout, trim(err))
	}
	return trim(err)
}

// trim leaves out where in the source an error comes from, and makes one line of several.
func trim(err error) error {
	text := err.Error()
	if strings.Contains(text, "\n") {
		err = errors.New(strings.Join(strings.Split(strings.TrimSpace(text), "\n"), "; "))
	}
	if strings.HasPrefix(text, "[") {
		if _, rest, found := strings.Cut(text, "] "); found {
			return errors.New(rest)
		}
	}
	return err
}
