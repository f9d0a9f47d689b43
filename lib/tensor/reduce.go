package tensor

import (
	"github.com/sugarme/gotch/libtch"

	"paperlab/lib/tensor/native"
)

// Sum adds all elements to a scalar of x's type.
func (s *Scope) Sum(x *Tensor) *Tensor {
	return s.do("sum", func(out *libtch.Ctensor) { libtch.AtgSum(out, x.c, int32(x.DType())) }, x)
}

// Mean averages all elements to a scalar.
func (s *Scope) Mean(x *Tensor) *Tensor {
	return s.do("mean", func(out *libtch.Ctensor) { libtch.AtgMean(out, x.c, int32(x.DType())) }, x)
}

// SumDim adds along dim; keep leaves it as a dimension of size 1.
func (s *Scope) SumDim(x *Tensor, dim int64, keep bool) *Tensor {
	return s.do("sum dim", func(out *libtch.Ctensor) {
		libtch.AtgSumDimIntlist(out, x.c, []int64{dim}, 1, flag(keep), int32(x.DType()))
	}, x)
}

// MeanDim averages along dim; keep leaves it as a dimension of size 1.
func (s *Scope) MeanDim(x *Tensor, dim int64, keep bool) *Tensor {
	return s.do("mean dim", func(out *libtch.Ctensor) {
		libtch.AtgMeanDim(out, x.c, []int64{dim}, 1, flag(keep), int32(x.DType()))
	}, x)
}

// MaxDim returns the largest elements along dim, without that dimension.
func (s *Scope) MaxDim(x *Tensor, dim int64) *Tensor {
	return s.do("max dim", func(out *libtch.Ctensor) { libtch.AtgAmax(out, x.c, []int64{dim}, 1, 0) }, x)
}

// ArgMax returns the int64 index of the largest element along dim, without that dimension; the first among equals.
func (s *Scope) ArgMax(x *Tensor, dim int64) *Tensor {
	return s.do("argmax", func(out *libtch.Ctensor) { libtch.AtgArgmax(out, x.c, dim, 0, 0) }, x)
}

// Norm returns the L2 norm of all elements, a scalar. Gradients do not flow through it.
func (s *Scope) Norm(x *Tensor) *Tensor {
	if Fused(nil, x) {
		return s.doNative("norm", func() (native.Handle, error) { return native.L2Norm(x.handle()) }, x)
	}
	return s.Detach(s.unary("norm", libtch.AtgNorm, x))
}

// NormDim returns the L2 norms along dim; keep leaves it as a dimension of size 1.
func (s *Scope) NormDim(x *Tensor, dim int64, keep bool) *Tensor {
	two := libtch.AtsFloat(2)
	defer libtch.AtsFree(two)
	return s.do("norm dim", func(out *libtch.Ctensor) {
		libtch.AtgNormScalaroptDim(out, x.c, two, []int64{dim}, 1, flag(keep))
	}, x)
}

// TopK returns the k largest elements along dim, in falling order, and their int64 indices.
func (s *Scope) TopK(x *Tensor, k, dim int64) (values, indices *Tensor) {
	var second libtch.Ctensor
	values = s.do("topk", func(out *libtch.Ctensor) {
		pair := new([2]libtch.Ctensor)
		libtch.AtgTopk(&pair[0], x.c, k, dim, 1, 1)
		*out, second = pair[0], pair[1]
	}, x)
	if values == nil {
		return nil, nil
	}
	return values, s.own(&Tensor{c: second})
}

func flag(b bool) int32 {
	if b {
		return 1
	}
	return 0
}
