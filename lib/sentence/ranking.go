package sentence

import (
	"context"

	"paperlab/lib/sentence/loss"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// Ranking is a model that learns by [loss.MultipleNegativesRanking]: what package train calls a Model, of [Batch].
//
//	result, err := sentence.Ranking{Model: m, Scale: loss.Scale}.Train(ctx, pairs, validation, config, hooks...)
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

// Task is the training of the model on pairs. Nil for validation leaves the validation loss out.
func (r Ranking) Task(training, validation *Pairs) train.Task[Batch] {
	task := train.Task[Batch]{Model: r, Training: training, Save: r.Save}
	if validation != nil {
		task.Validation = validation
	}
	return task
}

// Train fine-tunes the model on pairs: see [train.Fit]. Nil for validation leaves the validation loss out.
func (r Ranking) Train(ctx context.Context, training, validation *Pairs, c train.Config, hooks ...train.Hook) (*train.Result, error) {
	return train.Fit(ctx, r.Task(training, validation), c, hooks...)
}

// Evaluate takes the loss on pairs, in batches whose size decides how hard it is: see [train.Evaluate].
func (r Ranking) Evaluate(ctx context.Context, p *Pairs, batchSize int, precision tensor.DType) (train.Evaluation, error) {
	return train.Evaluate(ctx, train.Model[Batch](r), p, batchSize, precision)
}
