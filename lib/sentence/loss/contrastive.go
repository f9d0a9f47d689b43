package loss

import (
	"fmt"

	"paperlab/lib/tensor"
)

// ContrastiveMargin is the distance that Sentence-Transformers asks of unlike texts where nothing else is said.
const ContrastiveMargin = 0.5

// Contrastive pulls together texts that are alike and pushes others apart, up to a margin:
//
//	d    = 1 - cos(a i, b i)
//	loss = mean over i of 1/2 ( like i d^2 + (1 - like i) max(0, margin - d)^2 )
//
// a and b are [batch, width]; like [batch] is 1 for a pair that is alike and 0 for one that is not. The result is a float32
// scalar.
//
// Hadsell, Chopra & LeCun 2006, "Dimensionality Reduction by Learning an Invariant Mapping"; losses/ContrastiveLoss.py of
// sentence_transformers.
func Contrastive(s *tensor.Scope, a, b, like *tensor.Tensor, margin float64) *tensor.Tensor {
	if !(margin > 0) {
		s.Fail(fmt.Errorf("loss: contrastive: margin %g is not above 0 (0.5 is usual)", margin))
		return nil
	}
	square := func(x *tensor.Tensor) *tensor.Tensor { return s.Mul(x, x) }
	alike := s.Cast(like, tensor.Float64)
	distance := complement(s, cosines(s, a, b))
	near := s.Mul(alike, square(distance))
	far := s.Mul(complement(s, alike), square(s.ReLU(s.AddScalar(s.MulScalar(distance, -1), margin))))
	return s.Cast(s.MulScalar(s.Mean(s.Add(near, far)), 0.5), tensor.Float32)
}

// complement is 1 - x.
func complement(s *tensor.Scope, x *tensor.Tensor) *tensor.Tensor {
	return s.AddScalar(s.MulScalar(x, -1), 1)
}
