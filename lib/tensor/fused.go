package tensor

import (
	"github.com/sugarme/gotch/libtch"

	"paperlab/lib/tensor/native"
)

// The operations here are several of libtorch's in one, with their backward passes, for operands that [Fused] takes; package nn has what
// they compute as functions that always work. Dropout takes place where the scope is training.

// dropout is p while training, else 0.
func (s *Scope) dropout(p float64) float64 {
	if s.Training {
		return p
	}
	return 0
}

// FusedAddNorm returns sum = x + dropout(y) and its layer norm, or with nil for b its RMS norm, which has the type of matrix
// products. x is the float32 residual stream. With nil for y it is x that is normalised, and sum is nil.
func (s *Scope) FusedAddNorm(x, y, w, b *Tensor, p, eps float64) (sum, normed *Tensor) {
	var first native.Handle
	normed = s.doNative("add norm", func() (out native.Handle, err error) {
		first, out, err = native.AddNorm(x.handle(), y.handleOrNil(), w.handle(), b.handleOrNil(), s.dropout(p), eps)
		return out, err
	}, present(x, y, w, b)...)
	if normed == nil || y == nil {
		return nil, normed
	}
	return s.own(&Tensor{c: libtch.Ctensor(first)}), normed
}

// FusedAttention returns the values v mixed by softmax(scale q kᵀ + bias + mask), with dropout p on the weights: [batch, queries, heads x
// size] from q [batch, heads, queries, size], k and v [batch, heads, keys, size]. Bias and mask broadcast to [batch, heads, queries, keys] and
// may be nil; the mask gets no gradient.
func (s *Scope) FusedAttention(q, k, v, bias, mask *Tensor, scale, p float64) *Tensor {
	return s.doNative("attention", func() (native.Handle, error) {
		return native.Attention(q.handle(), k.handle(), v.handle(), bias.handleOrNil(), mask.handleOrNil(), scale, s.dropout(p))
	}, present(q, k, v, bias, mask)...)
}

// Activation is that of [Scope.FusedFeedForward].
type Activation = native.Activation

// The activations: GELU exact, and by its tanh approximation.
const (
	ActivateReLU     = native.ActivateReLU
	ActivateGELU     = native.ActivateGELU
	ActivateGELUTanh = native.ActivateGELUTanh
)

// FeedForwardWeights are those of [Scope.FusedFeedForward]: Gate and Up [hidden, width], Down [width, hidden], and biases. Gate and biases
// may be nil.
type FeedForwardWeights struct{ Gate, Up, UpBias, Down, DownBias *Tensor }

func (w FeedForwardWeights) present() []*Tensor {
	return present(w.Gate, w.Up, w.UpBias, w.Down, w.DownBias)
}

// FusedFeedForward returns dropout(a(x Upᵀ + UpBias)) Downᵀ + DownBias, or with a gate dropout(a(x Gateᵀ) * (x Upᵀ + UpBias)) Downᵀ + DownBias.
func (s *Scope) FusedFeedForward(x *Tensor, w FeedForwardWeights, a Activation, p float64) *Tensor {
	return s.doNative("feed forward", func() (native.Handle, error) {
		return native.FeedForward(x.handle(), w.Gate.handleOrNil(), w.Up.handle(), w.UpBias.handleOrNil(), w.Down.handle(), w.DownBias.handleOrNil(), a, s.dropout(p))
	}, append(w.present(), x)...)
}

// FusedLinearCrossEntropy returns the mean cross-entropy of softmax(h wᵀ) against the int64 labels that are not ignored: h [..., width],
// w [vocabulary, width], labels [...]. A share smoothing of each label's probability is spread evenly over the vocabulary. No labels
// left gives NaN.
func (s *Scope) FusedLinearCrossEntropy(h, w, labels *Tensor, ignored int64, smoothing float64) *Tensor {
	return s.doNative("linear cross entropy", func() (native.Handle, error) {
		return native.LinearCrossEntropy(h.handle(), w.handle(), labels.handle(), ignored, smoothing)
	}, h, w, labels)
}

// Fused says whether the fused operations take these operands: inputs are to be float32 or bfloat16, parameters float32, all on the
// processor and none of them empty.
func Fused(inputs []*Tensor, parameters ...*Tensor) bool {
	if !Kernels(CPU, BFloat16) {
		return false
	}
	for _, t := range inputs {
		if !onProcessor(t, Float32, BFloat16) {
			return false
		}
	}
	for _, t := range parameters {
		if !onProcessor(t, Float32, Float32) {
			return false
		}
	}
	return true
}

func onProcessor(t *Tensor, a, b DType) bool {
	d := t.DType()
	return (d == a || d == b) && t.Device() == CPU && t.Len() > 0
}

// present leaves out what is nil.
func present(ts ...*Tensor) []*Tensor {
	there := ts[:0]
	for _, t := range ts {
		if t != nil {
			there = append(there, t)
		}
	}
	return there
}
