package tensor

import (
	"runtime"

	"github.com/sugarme/gotch/libtch"

	"paperlab/lib/tensor/native"
)

// The operations here change their first operand and return nothing. They are meant for parameters, gradients and
// moments, outside the recorded graph: call them within NoGrad on tensors that require gradients.

func (s *Scope) change(op string, call func(out *libtch.Ctensor), operands ...*Tensor) {
	t := s.do(op, call, operands...)
	if t == nil {
		return
	}
	// The result is a second handle of the first operand: drop it at once, loops run these a million times.
	s.tensors = s.tensors[:t.slot]
	t.free()
}

// inPlace runs one of our own functions that change their operands.
func (s *Scope) inPlace(op string, call func() error, operands ...*Tensor) {
	if !s.ready(op, operands) {
		return
	}
	if err := call(); err != nil {
		s.Fail(operationError(op, err.Error(), operands))
	}
	runtime.KeepAlive(operands)
}

// Copy overwrites dst with src, broadcast and converted.
func (s *Scope) Copy(dst, src *Tensor) {
	s.inPlace("copy", func() error { return native.Copy(dst.handle(), src.handle()) }, dst, src)
}

// AdamW describes one step of [Scope.AdamW], as torch.optim.AdamW names its numbers.
type AdamW = native.AdamWStep

// AdamW updates params by one step of AdamW (Loshchilov and Hutter 2019; torch.optim.AdamW) in one pass. All four are
// float32 vectors of one length; moments and squares are its running averages of the gradient and of its square. The
// gradients are zero afterwards.
func (s *Scope) AdamW(params, grads, moments, squares *Tensor, step AdamW) {
	s.inPlace("adamw", func() error {
		return native.AdamW(params.handle(), grads.handle(), moments.handle(), squares.handle(), step, Kernels(params.Device(), Float32))
	}, params, grads, moments, squares)
}

// Fill overwrites x with v.
func (s *Scope) Fill(x *Tensor, v float64) {
	c := libtch.AtsFloat(v)
	defer libtch.AtsFree(c)
	s.change("fill", func(out *libtch.Ctensor) { libtch.AtgFill_(out, x.c, c) }, x)
}

// FillNormal overwrites x with draws from a normal distribution, by the process's generator ([Random]).
func (s *Scope) FillNormal(x *Tensor, mean, deviation float64) {
	s.change("fill normal", func(out *libtch.Ctensor) { libtch.AtgNormal_(out, x.c, mean, deviation) }, x)
}

// Scale multiplies x by v.
func (s *Scope) Scale(x *Tensor, v float64) {
	c := libtch.AtsFloat(v)
	defer libtch.AtsFree(c)
	s.change("scale", func(out *libtch.Ctensor) { libtch.AtgMulScalar_(out, x.c, c) }, x)
}

// Scatter overwrites, for every position of index, the element of x at that index along dim by src's (torch.scatter_). Where an
// index comes twice with different values, either may stay.
func (s *Scope) Scatter(x *Tensor, dim int64, index, src *Tensor) {
	s.change("scatter", func(out *libtch.Ctensor) { libtch.AtgScatter_(out, x.c, dim, index.c, src.c) }, x, index, src)
}

// Lerp moves x towards end: x + weight (end - x).
func (s *Scope) Lerp(x, end *Tensor, weight float64) {
	c := libtch.AtsFloat(weight)
	defer libtch.AtsFree(c)
	s.change("lerp", func(out *libtch.Ctensor) { libtch.AtgLerp_(out, x.c, end.c, c) }, x, end)
}
