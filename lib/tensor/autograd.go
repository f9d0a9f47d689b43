package tensor

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/sugarme/gotch/libtch"

	"paperlab/lib/tensor/native"
)

// Leaf returns a tensor that shares x's memory and whose gradient is asked for: a parameter.
func (s *Scope) Leaf(x *Tensor) *Tensor {
	leaf := s.Detach(x)
	if leaf == nil {
		return nil
	}
	// set_requires_grad_ returns a second handle of the same tensor; it goes with the scope like any other.
	return s.do("leaf", func(out *libtch.Ctensor) { libtch.AtgSetRequiresGrad(out, leaf.c, 1) }, leaf)
}

// SetGrad makes grad, of leaf's shape and type, the memory into which backward passes add leaf's gradient.
func SetGrad(leaf, grad *Tensor) error {
	if !leaf.alive() || !grad.alive() {
		return errors.New("tensor: set grad: a tensor is nil or freed")
	}
	if err := native.SetGrad(leaf.handle(), grad.handle()); err != nil {
		return operationError("set grad", err.Error(), []*Tensor{leaf, grad})
	}
	runtime.KeepAlive(leaf)
	runtime.KeepAlive(grad)
	return nil
}

// Grad returns the gradient that backward passes have added up for a leaf; an error where there was none.
func (s *Scope) Grad(leaf *Tensor) *Tensor {
	g := s.do("grad", func(out *libtch.Ctensor) { libtch.AtgGrad(out, leaf.c) }, leaf)
	if g != nil && !libtch.AtDefined(g.c) {
		s.Fail(fmt.Errorf("tensor: grad(%v): no backward pass has reached it", leaf))
		return nil
	}
	return g
}

// Backward adds the gradients of a scalar loss to those of the leaves it was computed from, and frees the graph.
func Backward(loss *Tensor) error {
	if !loss.alive() {
		return errors.New("tensor: backward: the loss is nil or freed")
	}
	if err := native.Backward(loss.handle()); err != nil {
		return operationError("backward", err.Error(), []*Tensor{loss})
	}
	runtime.KeepAlive(loss)
	return nil
}

// NoGrad runs body without recording for backward passes what it computes. It keeps the goroutine on its OS thread
// meanwhile, whose mode this is.
func NoGrad(body func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before := native.SetGradEnabled(false)
	defer native.SetGradEnabled(before)
	return body()
}

// Autocast runs body with matrix products computed in dtype (BFloat16) and what needs the range in float32, as
// torch.autocast's lists have it, on device d. It keeps the goroutine on its OS thread meanwhile. Float32 runs body as it is.
func Autocast(d Device, dtype DType, body func() error) (err error) {
	if dtype == Float32 {
		return body()
	}
	if dtype != BFloat16 && (dtype != Float16 || d == CPU) {
		return fmt.Errorf("tensor: autocast to %v on %v: float32 and bfloat16 can be had", dtype, d)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before, err := native.EnterAutocast(int(d), int(dtype))
	if err != nil {
		return fmt.Errorf("tensor: autocast to %v on %v: %w", dtype, d, err)
	}
	defer func() { err = errors.Join(err, native.LeaveAutocast(int(d), before)) }()
	return body()
}
