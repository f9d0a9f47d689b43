package loss

import (
	"fmt"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// Scale is the factor on the cosines that Sentence-Transformers and the study use; its inverse is called the temperature.
const Scale = 20

// MultipleNegativesRanking asks of each anchor to be nearer to its own candidate than to all the others:
//
//	S[i,j] = scale cos(anchor i, candidate j)
//	loss   = mean over i of -log( exp S[i,i] / sum over j of exp S[i,j] )
//
// anchors is [batch, width]; candidates is [batch x n, width], the positive of anchor i at i, then hard negatives in any
// number and order. The result is a float32 scalar. A larger batch has more negatives, and is harder.
//
// The scores are computed in float64, which autocast leaves alone: bfloat16's 8 bits cannot tell cosines apart that differ by less
// than 0.004, which is 0.08 in the score.
//
// Henderson et al. 2017, "Efficient Natural Language Response Suggestion for Smart Reply" (section 4.4);
// losses/MultipleNegativesRankingLoss.py of sentence_transformers.
func MultipleNegativesRanking(s *tensor.Scope, anchors, candidates *tensor.Tensor, scale float64) *tensor.Tensor {
	if !(scale > 0) {
		s.Fail(fmt.Errorf("loss: multiple negatives ranking: scale %g is not above 0 (20 is usual)", scale))
		return nil
	}
	if a, c := anchors.Dim(0), candidates.Dim(0); c < a {
		s.Fail(fmt.Errorf("loss: multiple negatives ranking: %d anchors with %d candidates: one each is needed", a, c))
		return nil
	}
	scores := s.MulScalar(s.MatMul(unit(s, anchors), s.Transpose(unit(s, candidates), 0, 1)), scale)
	return s.Cast(s.CrossEntropy(scores, s.Arange(anchors.Dim(0)), nn.IgnoredLabel), tensor.Float32)
}
