package dist

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"paperlab/lib/dist/native"
	"paperlab/lib/tensor"
)

// slice is how long C waits before Go looks whether it still should; what is over is noticed at once.
const slice = 100 * time.Millisecond

// AllReduce adds up t, contiguous and of the same type and shape on every rank, in place: all ranks have the same bits in the end.
func (g *Group) AllReduce(ctx context.Context, t *tensor.Tensor) error {
	if g == nil {
		return nil
	}
	return g.do(ctx, "all-reduce", func() (native.Work, error) { return g.native.AllReduce(t.Handle()) }, t)
}

// Broadcast overwrites t, contiguous and of the same type and shape on every rank, with that of the rank root.
func (g *Group) Broadcast(ctx context.Context, t *tensor.Tensor, root int) error {
	if g == nil {
		return nil
	}
	return g.do(ctx, "broadcast", func() (native.Work, error) { return g.native.Broadcast(t.Handle(), root) }, t)
}

// AllGather returns every rank's t, of the same type and shape, as a tensor [Size, shape of t] in scope s.
func (g *Group) AllGather(ctx context.Context, s *tensor.Scope, t *tensor.Tensor) (*tensor.Tensor, error) {
	if g == nil {
		return s.Unsqueeze(t, 0), s.Err()
	}
	into := s.Zeros(t.DType(), append([]int64{int64(g.Size())}, t.Shape()...)...)
	if s.Err() != nil {
		return nil, s.Err()
	}
	t = s.Contiguous(s.Detach(t))
	err := g.do(ctx, "all-gather", func() (native.Work, error) { return g.native.AllGather(into.Handle(), t.Handle()) }, into, t)
	return into, err
}

// Barrier returns when every rank has called it.
func (g *Group) Barrier(ctx context.Context) error {
	if g == nil {
		return nil
	}
	return g.do(ctx, "barrier", func() (native.Work, error) { return g.native.Barrier() })
}

// do begins an operation and waits for its end.
func (g *Group) do(ctx context.Context, what string, begin func() (native.Work, error), tensors ...*tensor.Tensor) error {
	for _, t := range tensors {
		if t.Handle() == nil {
			return fmt.Errorf("dist: %s: the tensor is nil or freed", what)
		}
	}
	return g.run(ctx, what, func() error {
		defer runtime.KeepAlive(tensors)
		work, err := begin()
		if err != nil {
			return err
		}
		defer work.Free()
		if len(tensors) > 0 && tensors[0].Device() != tensor.CPU {
			if err := g.rally(ctx); err != nil {
				return err
			}
		}
		return g.wait(ctx, work.Wait)
	})
}

// rally waits, where NCCL is in, until every rank has begun an operation of its: NCCL waits for one that is gone for ever, and gloo does not.
func (g *Group) rally(ctx context.Context) error {
	if !g.nccl {
		return nil
	}
	barrier, err := g.native.Barrier()
	if err == nil {
		defer barrier.Free()
		err = g.wait(ctx, barrier.Wait)
	}
	if err != nil {
		g.stuck = true // in NCCL
	}
	return err
}

// run does what is the group's to do, unless it is dead; what fails kills it.
func (g *Group) run(ctx context.Context, what string, do func() error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	err := g.dead
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrDead, err)
	} else if err = context.Cause(ctx); err == nil {
		if err = do(); err != nil {
			err = g.why(err)
		}
	}
	if err == nil {
		return nil
	}
	if g.dead == nil {
		g.dead = err
	}
	return fmt.Errorf("dist: rank %d of %d: %s: %w", g.Rank(), g.Size(), what, err)
}

// wait waits until done says so, or ctx or the group ends: then the operation is left to itself.
func (g *Group) wait(ctx context.Context, done func(most time.Duration) (bool, error)) error {
	until := time.Now().Add(g.timeout + slice) // gloo's own timeout comes first, and says more
	for {
		over, err := done(slice)
		if over || err != nil {
			return err
		}
		switch {
		case ctx.Err() != nil:
			err = context.Cause(ctx)
		case g.open.Err() != nil:
			err = errors.New("the group was closed meanwhile")
		case time.Now().After(until):
			err = ErrTimeout
		default:
			continue
		}
		g.stuck = true
		return err
	}
}
