package loss

import (
	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// CosineSimilarity asks of two texts that their cosine is the score that people gave them:
//
//	loss = mean over i of ( cos(a i, b i) - score i )^2
//
// a and b are [batch, width], scores [batch], from -1 to 1 (STS benchmarks' 0 to 5 are divided by 5). The result is a
// float32 scalar, computed in float64 as in [MultipleNegativesRanking].
//
// losses/CosineSimilarityLoss.py of sentence_transformers; Reimers & Gurevych 2019, "Sentence-BERT", section 3.
func CosineSimilarity(s *tensor.Scope, a, b, scores *tensor.Tensor) *tensor.Tensor {
	off := s.Sub(cosines(s, a, b), s.Cast(scores, tensor.Float64))
	return s.Cast(s.Mean(s.Mul(off, off)), tensor.Float32)
}

// cosines are those of the rows of a and b, [batch], float64.
func cosines(s *tensor.Scope, a, b *tensor.Tensor) *tensor.Tensor {
	return s.SumDim(s.Mul(unit(s, a), unit(s, b)), 1, false)
}

// unit gives rows the length 1. It computes in float64, which autocast leaves alone: bfloat16's 8 bits cannot tell cosines
// apart that differ by less than 0.004.
func unit(s *tensor.Scope, x *tensor.Tensor) *tensor.Tensor {
	return s.Cast(nn.Normalize(s, x), tensor.Float64)
}
