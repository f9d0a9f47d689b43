package tensor

import (
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/sugarme/gotch/libtch"

	"paperlab/lib/tensor/native"
)

// Checkpoint returns body(in) without keeping what body computes on the way: a backward pass computes it again, with the same dropout, and so
// arrives at the same gradients (gradient checkpointing: Chen et al. 2016). That takes the time of the forward pass a second time and
// the memory of one body instead of all.
//
// body is called again after Checkpoint has returned, with other tensors in the places of in. It is to make all its tensors in the scope
// that it is given, and to use no tensor from outside that has a gradient, but for in and parameters. Where no gradients are
// recorded, body is simply called.
func (s *Scope) Checkpoint(body func(s *Scope, in ...*Tensor) []*Tensor, in ...*Tensor) []*Tensor {
	if !s.ready("checkpoint", in) || !recording() {
		return body(s, in...)
	}
	generators := &Random{device: s.device}
	before, err := generators.State()
	if err != nil {
		s.Fail(err)
		return body(s, in...)
	}
	c := s.Child()
	defer c.Close()
	var computed []*Tensor
	s.Fail(NoGrad(func() error {
		computed = body(c, in...)
		return c.Err()
	}))
	for _, t := range computed {
		if s.err == nil && slices.Contains(in, t) {
			s.Fail(errors.New("tensor: checkpoint: an operand can't be a result"))
		}
	}
	if s.err != nil {
		return computed
	}
	again := recomputation{body: body, training: s.Training, device: s.device, precision: Precision(s.device), before: before}
	handles, err := native.Checkpoint(handlesOf(computed), handlesOf(in), again.record)
	if err != nil {
		s.Fail(operationError("checkpoint", err.Error(), in))
		return computed
	}
	runtime.KeepAlive(computed)
	runtime.KeepAlive(in)
	results := make([]*Tensor, len(handles))
	for i, h := range handles {
		results[i] = s.own(&Tensor{c: libtch.Ctensor(h)})
	}
	return results
}

// recomputation is a body with what it depends on beside its operands.
type recomputation struct {
	body      func(s *Scope, in ...*Tensor) []*Tensor
	training  bool
	device    Device
	precision DType
	before    RandomState // of the generators, when the body began
}

// record computes the body with a graph, from the generators' state of then, and leaves them as they are now.
func (r recomputation) record(inputs []native.Handle) (results []native.Handle, err error) {
	generators := &Random{device: r.device}
	now, err := generators.State()
	if err != nil {
		return nil, err
	}
	if err := generators.Restore(r.before); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, generators.Restore(now)) }()
	s := NewScope(r.device)
	defer s.Close()
	s.Training = r.training
	in := make([]*Tensor, len(inputs))
	for i, h := range inputs {
		in[i] = &Tensor{c: libtch.Ctensor(h)} // libtorch's, which frees it
	}
	err = Autocast(r.device, r.precision, func() error {
		return withGrad(func() error {
			for _, t := range r.body(s, in...) {
				if s.Err() != nil {
					return s.Err()
				}
				results = append(results, s.release(t))
			}
			return s.Err()
		})
	})
	if err != nil {
		return nil, fmt.Errorf("computed again for the backward pass: %w", err)
	}
	return results, nil
}

// release takes a tensor out of its scope without freeing it.
func (s *Scope) release(t *Tensor) native.Handle {
	h := t.handle()
	t.scope.tensors[t.slot] = nil
	t.c = nil
	return h
}

// recording says whether this thread records what it computes.
func recording() bool {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	on := native.SetGradEnabled(true)
	native.SetGradEnabled(on)
	return on
}

// withGrad is [NoGrad]'s counterpart.
func withGrad(body func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before := native.SetGradEnabled(true)
	defer native.SetGradEnabled(before)
	return body()
}

func handlesOf(ts []*Tensor) []native.Handle {
	handles := make([]native.Handle, len(ts))
	for i, t := range ts {
		handles[i] = t.handle()
	}
	return handles
}
