package tensor

import "github.com/sugarme/gotch/libtch"

type unary = func(out *libtch.Ctensor, x libtch.Ctensor)
type binary = func(out *libtch.Ctensor, a, b libtch.Ctensor)

func (s *Scope) unary(op string, f unary, x *Tensor) *Tensor {
	return s.do(op, func(out *libtch.Ctensor) { f(out, x.c) }, x)
}

func (s *Scope) binary(op string, f binary, a, b *Tensor) *Tensor {
	return s.do(op, func(out *libtch.Ctensor) { f(out, a.c, b.c) }, a, b)
}

func (s *Scope) scalar(op string, f func(out *libtch.Ctensor, x libtch.Ctensor, v libtch.Cscalar), x *Tensor, v float64) *Tensor {
	c := libtch.AtsFloat(v)
	defer libtch.AtsFree(c)
	return s.do(op, func(out *libtch.Ctensor) { f(out, x.c, c) }, x)
}

// Add returns a + b, broadcast.
func (s *Scope) Add(a, b *Tensor) *Tensor { return s.binary("add", libtch.AtgAdd, a, b) }

// Sub returns a - b, broadcast.
func (s *Scope) Sub(a, b *Tensor) *Tensor { return s.binary("sub", libtch.AtgSub, a, b) }

// Mul returns a * b element by element, broadcast.
func (s *Scope) Mul(a, b *Tensor) *Tensor { return s.binary("mul", libtch.AtgMul, a, b) }

// Div returns a / b element by element, broadcast.
func (s *Scope) Div(a, b *Tensor) *Tensor { return s.binary("div", libtch.AtgDiv, a, b) }

// AddScalar returns x + v.
func (s *Scope) AddScalar(x *Tensor, v float64) *Tensor {
	return s.scalar("add scalar", libtch.AtgAddScalar, x, v)
}

// MulScalar returns x * v.
func (s *Scope) MulScalar(x *Tensor, v float64) *Tensor {
	return s.scalar("mul scalar", libtch.AtgMulScalar, x, v)
}

// DivScalar returns x / v.
func (s *Scope) DivScalar(x *Tensor, v float64) *Tensor {
	return s.scalar("div scalar", libtch.AtgDivScalar, x, v)
}

// Pow returns x to the power p, element by element.
func (s *Scope) Pow(x *Tensor, p float64) *Tensor {
	return s.scalar("pow", libtch.AtgPowTensorScalar, x, p)
}

// ClampMin returns the elements of x, those below v replaced by v.
func (s *Scope) ClampMin(x *Tensor, v float64) *Tensor {
	return s.scalar("clamp min", libtch.AtgClampMin, x, v)
}

// Equal returns a bool tensor: where x is v.
func (s *Scope) Equal(x *Tensor, v float64) *Tensor { return s.scalar("equal", libtch.AtgEq, x, v) }

// Less returns a bool tensor: where x is below v.
func (s *Scope) Less(x *Tensor, v float64) *Tensor { return s.scalar("less", libtch.AtgLt, x, v) }

// Sqrt returns the square roots of x.
func (s *Scope) Sqrt(x *Tensor) *Tensor { return s.unary("sqrt", libtch.AtgSqrt, x) }

// Rsqrt returns 1 / sqrt(x).
func (s *Scope) Rsqrt(x *Tensor) *Tensor { return s.unary("rsqrt", libtch.AtgRsqrt, x) }

// Exp returns e to the power x.
func (s *Scope) Exp(x *Tensor) *Tensor { return s.unary("exp", libtch.AtgExp, x) }

// Log returns the natural logarithms of x.
func (s *Scope) Log(x *Tensor) *Tensor { return s.unary("log", libtch.AtgLog, x) }

// Tanh returns the hyperbolic tangents of x.
func (s *Scope) Tanh(x *Tensor) *Tensor { return s.unary("tanh", libtch.AtgTanh, x) }

// ReLU returns max(x, 0).
func (s *Scope) ReLU(x *Tensor) *Tensor { return s.unary("relu", libtch.AtgRelu, x) }

// MatMul multiplies matrices, in batches over the leading dimensions (torch.matmul).
func (s *Scope) MatMul(a, b *Tensor) *Tensor { return s.binary("matmul", libtch.AtgMatmul, a, b) }

// MaskedFill returns x with v where the bool tensor mask, broadcast, is true.
func (s *Scope) MaskedFill(x, mask *Tensor, v float64) *Tensor {
	c := libtch.AtsFloat(v)
	defer libtch.AtsFree(c)
	return s.do("masked fill", func(out *libtch.Ctensor) { libtch.AtgMaskedFill(out, x.c, mask.c, c) }, x, mask)
}

// Where returns a where the bool tensor cond is true, else b.
func (s *Scope) Where(cond, a, b *Tensor) *Tensor {
	return s.do("where", func(out *libtch.Ctensor) { libtch.AtgWhereSelf(out, cond.c, a.c, b.c) }, cond, a, b)
}
