package tensor

import (
	"fmt"

	"github.com/sugarme/gotch/libtch"
)

// Reshape returns x with another shape of as many elements, a view where that is possible; one size may be -1.
func (s *Scope) Reshape(x *Tensor, shape ...int64) *Tensor {
	return s.do("reshape", func(out *libtch.Ctensor) {
		libtch.AtgReshape(out, x.c, dims(shape), len(shape))
	}, x)
}

// Transpose returns a view of x with dimensions a and b exchanged.
func (s *Scope) Transpose(x *Tensor, a, b int64) *Tensor {
	return s.do("transpose", func(out *libtch.Ctensor) { libtch.AtgTranspose(out, x.c, a, b) }, x)
}

// Permute returns a view of x with its dimensions in the given order.
func (s *Scope) Permute(x *Tensor, order ...int64) *Tensor {
	return s.do("permute", func(out *libtch.Ctensor) { libtch.AtgPermute(out, x.c, dims(order), len(order)) }, x)
}

// Narrow returns a view of length elements of dimension dim of x, from start on.
func (s *Scope) Narrow(x *Tensor, dim, start, length int64) *Tensor {
	return s.do("narrow", func(out *libtch.Ctensor) { libtch.AtgNarrow(out, x.c, dim, start, length) }, x)
}

// Select returns a view of entry index of dimension dim, without that dimension.
func (s *Scope) Select(x *Tensor, dim, index int64) *Tensor {
	return s.do("select", func(out *libtch.Ctensor) { libtch.AtgSelect(out, x.c, dim, index) }, x)
}

// Unsqueeze returns a view of x with a new dimension of size 1 at dim.
func (s *Scope) Unsqueeze(x *Tensor, dim int64) *Tensor {
	return s.do("unsqueeze", func(out *libtch.Ctensor) { libtch.AtgUnsqueeze(out, x.c, dim) }, x)
}

// Expand returns a view of x with dimensions of size 1 repeated to the given sizes; -1 leaves a size as it is.
func (s *Scope) Expand(x *Tensor, shape ...int64) *Tensor {
	return s.do("expand", func(out *libtch.Ctensor) { libtch.AtgExpand(out, x.c, dims(shape), len(shape), 0) }, x)
}

// Contiguous returns x in row-major memory: x's own where it is so already, else a copy.
func (s *Scope) Contiguous(x *Tensor) *Tensor {
	return s.do("contiguous", func(out *libtch.Ctensor) { libtch.AtgContiguous(out, x.c) }, x)
}

// Cat joins tensors along an existing dimension.
func (s *Scope) Cat(dim int64, xs ...*Tensor) *Tensor {
	if len(xs) == 0 {
		s.Fail(fmt.Errorf("tensor: cat: nothing to join"))
		return nil
	}
	return s.do("cat", func(out *libtch.Ctensor) {
		cs := make([]libtch.Ctensor, len(xs))
		for i, x := range xs {
			cs[i] = x.c
		}
		libtch.AtgCat(out, cs, len(cs), dim)
	}, xs...)
}

// IndexSelect copies the entries of dimension dim of x that the int64 vector index names, in its order.
func (s *Scope) IndexSelect(x *Tensor, dim int64, index *Tensor) *Tensor {
	return s.do("index select", func(out *libtch.Ctensor) { libtch.AtgIndexSelect(out, x.c, dim, index.c) }, x, index)
}

// Gather takes, for every position of index, the element of x at that index along dim (torch.gather).
func (s *Scope) Gather(x *Tensor, dim int64, index *Tensor) *Tensor {
	return s.do("gather", func(out *libtch.Ctensor) { libtch.AtgGather(out, x.c, dim, index.c, 0) }, x, index)
}

// To returns x on device d with type dtype: x's own memory where nothing changes.
func (s *Scope) To(x *Tensor, d Device, dtype DType) *Tensor {
	return s.do("to", func(out *libtch.Ctensor) { libtch.AtgToDevice(out, x.c, int32(d), int32(dtype), 0, 0) }, x)
}

// Cast returns x with type dtype, on the device where it is.
func (s *Scope) Cast(x *Tensor, dtype DType) *Tensor {
	return s.do("cast", func(out *libtch.Ctensor) { libtch.AtgToDtype(out, x.c, int32(dtype), 0, 0) }, x)
}

// Detach returns x without its history: gradients do not flow back through it. It shares x's memory.
func (s *Scope) Detach(x *Tensor) *Tensor {
	return s.do("detach", func(out *libtch.Ctensor) { libtch.AtgDetach(out, x.c) }, x)
}
