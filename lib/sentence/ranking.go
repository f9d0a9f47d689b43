package sentence

import (
	"paperlab/lib/sentence/loss"
	"paperlab/lib/tensor"
)

// Ranking is a model that learns by [loss.MultipleNegativesRanking]: what package train calls a Model, of [Batch].
//
//	task := train.Task[sentence.Batch]{Model: sentence.Ranking{Model: m, Scale: loss.Scale}, Training: pairs, Save: m.Save}
type Ranking struct {
	*Model
	Scale float64 // factor on the cosines, 20 in the study
}

// Loss returns the loss of a batch, a scalar of s.
func (r Ranking) Loss(s *tensor.Scope, b Batch) *tensor.Tensor {
	anchors, candidates := r.Forward(s, b.Anchors), r.Forward(s, b.Positives)
	for _, tokens := range b.Negatives {
		candidates = s.Cat(0, candidates, r.Forward(s, tokens))
	}
	return loss.MultipleNegativesRanking(s, anchors, candidates, r.Scale)
}
