package tensor

import (
	"github.com/sugarme/gotch/libtch"

	"paperlab/lib/tensor/native"
)

// Linear returns x wᵀ + b: x [..., in], w [out, in], b [out] or nil for none.
func (s *Scope) Linear(x, w, b *Tensor) *Tensor {
	if Fused([]*Tensor{x}, present(w, b)...) {
		return s.doNative("linear", func() (native.Handle, error) {
			return native.Linear(x.handle(), w.handle(), b.handleOrNil())
		}, present(x, w, b)...)
	}
	if b == nil {
		return s.do("linear", func(out *libtch.Ctensor) { libtch.AtgLinear(out, x.c, w.c, nil) }, x, w)
	}
	return s.do("linear", func(out *libtch.Ctensor) { libtch.AtgLinear(out, x.c, w.c, b.c) }, x, w, b)
}

// Embedding returns the rows of w [vocabulary, width] that the int64 tensor ids [...] names: [..., width].
func (s *Scope) Embedding(w, ids *Tensor) *Tensor {
	if Fused(nil, w) && ids.Device() == CPU && ids.DType() == Int64 {
		return s.doNative("embedding", func() (native.Handle, error) { return native.Embedding(w.handle(), ids.handle()) }, w, ids)
	}
	const noPadding = -1
	return s.do("embedding", func(out *libtch.Ctensor) { libtch.AtgEmbedding(out, w.c, ids.c, noPadding, 0, 0) }, w, ids)
}

// Softmax normalises exp(x) along dim.
func (s *Scope) Softmax(x *Tensor, dim int64) *Tensor {
	return s.do("softmax", func(out *libtch.Ctensor) { libtch.AtgSoftmax(out, x.c, dim, int32(x.DType())) }, x)
}

// LogSoftmax returns the logarithm of softmax along dim.
func (s *Scope) LogSoftmax(x *Tensor, dim int64) *Tensor {
	return s.do("log softmax", func(out *libtch.Ctensor) { libtch.AtgLogSoftmax(out, x.c, dim, int32(x.DType())) }, x)
}

// GELU returns x Φ(x), the Gaussian error linear unit (Hendrycks and Gimpel 2016), exact.
func (s *Scope) GELU(x *Tensor) *Tensor {
	return s.doNative("gelu", func() (native.Handle, error) { return native.GELU(x.handle(), false) }, x)
}

// GELUTanh returns GELU by its tanh approximation, which T5 v1.1 and flan-t5 call gelu_new.
func (s *Scope) GELUTanh(x *Tensor) *Tensor {
	return s.doNative("gelu tanh", func() (native.Handle, error) { return native.GELU(x.handle(), true) }, x)
}

// Dropout zeroes elements with probability p and scales the rest by 1/(1-p) where the scope is training; else it returns x.
func (s *Scope) Dropout(x *Tensor, p float64) *Tensor {
	if !s.Training || p == 0 {
		return x
	}
	if Fused([]*Tensor{x}) && len(x.Shape()) > 0 {
		return s.doNative("dropout", func() (native.Handle, error) { return native.Dropout(x.handle(), p) }, x)
	}
	return s.do("dropout", func(out *libtch.Ctensor) { libtch.AtgDropout(out, x.c, p, 1) }, x)
}

// LayerNorm normalises the last dimension to mean 0 and variance 1, then scales by w and shifts by b (Ba et al. 2016).
func (s *Scope) LayerNorm(x, w, b *Tensor, eps float64) *Tensor {
	if x.DType() == Float32 && Fused([]*Tensor{x}, w, b) {
		_, normed := s.FusedAddNorm(x, nil, w, b, 0, eps)
		return normed
	}
	return s.do("layer norm", func(out *libtch.Ctensor) {
		libtch.AtgLayerNorm(out, x.c, []int64{x.Dim(-1)}, 1, w.c, b.c, eps, 1)
	}, x, w, b)
}

// CrossEntropy returns the mean of -log softmax(logits)[label] over the rows whose label is not ignore.
// Logits are [n, classes], labels int64 [n]. All labels ignored gives NaN, as PyTorch does.
func (s *Scope) CrossEntropy(logits, labels *Tensor, ignore int64) *Tensor {
	const mean = 1
	return s.do("cross entropy", func(out *libtch.Ctensor) {
		libtch.AtgCrossEntropyLoss(out, logits.c, labels.c, nil, mean, ignore, 0)
	}, logits, labels)
}
