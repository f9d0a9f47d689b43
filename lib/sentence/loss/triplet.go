package loss

import (
	"fmt"

	"paperlab/lib/tensor"
)

// TripletMargin is by how much a negative shall be farther than the positive where nothing else is said, for Euclidean distances
// of vectors that are not normalised.
const TripletMargin = 5

// Triplet asks of each anchor that its negative is farther from it than its positive, by a margin:
//
//	loss = mean over i of max(0, |anchor i - positive i| - |anchor i - negative i| + margin)
//
// All three are [batch, width]; distances are Euclidean, with 1e-6 added to each difference as torch's pairwise_distance does. The
// result is a float32 scalar. Vectors of length 1 are at most 2 apart: they need a margin below that.
//
// Schroff, Kalenichenko & Philbin 2015, "FaceNet"; losses/TripletLoss.py of sentence_transformers.
func Triplet(s *tensor.Scope, anchors, positives, negatives *tensor.Tensor, margin float64) *tensor.Tensor {
	if !(margin > 0) {
		s.Fail(fmt.Errorf("loss: triplet: margin %g is not above 0 (5 is usual)", margin))
		return nil
	}
	const epsilon = 1e-6
	from := s.Cast(anchors, tensor.Float64)
	distance := func(to *tensor.Tensor) *tensor.Tensor {
		return s.NormDim(s.AddScalar(s.Sub(from, s.Cast(to, tensor.Float64)), epsilon), 1, false)
	}
	short := s.AddScalar(s.Sub(distance(positives), distance(negatives)), margin)
	return s.Cast(s.Mean(s.ReLU(short)), tensor.Float32)
}
