package sentence

import (
	"context"

	"paperlab/lib/dist"
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

	// MiniBatch is how many texts are embedded at once; 0 stands for the whole batch. A training's memory then grows with the
	// mini-batch in place of the batch, whose gradients stay the same; each text is embedded twice.
	MiniBatch int

	// Gather is a group of processes whose batches are one: every text is ranked among those of all ranks, and the gradients, once
	// they are the means over the ranks, are those of one process with all their pairs in a batch (gather_across_devices of
	// Sentence-Transformers). Nil: each ranks its own.
	Gather *dist.Group
}

// Loss returns the loss of a batch, a scalar of s.
func (r Ranking) Loss(s *tensor.Scope, b Batch) *tensor.Tensor {
	anchors, candidates := r.embedInParts(s, b.Anchors), r.embedInParts(s, b.Positives)
	for _, tokens := range b.Negatives {
		candidates = s.Cat(0, candidates, r.embedInParts(s, tokens))
	}
	return loss.MultipleNegativesRanking(s, anchors, candidates, r.Scale)
}

// embedInParts is Forward, a mini-batch at a time.
func (r Ranking) embedInParts(s *tensor.Scope, t Tokens) *tensor.Tensor {
	var embeddings []*tensor.Tensor
	for _, part := range r.cut(s, t) {
		pass := s.Child()
		embedding := r.Forward(pass, part)
		if !s.Adopt(pass, embedding) {
			return nil
		}
		embeddings = append(embeddings, embedding)
	}
	return s.Cat(0, embeddings...)
}

// Task is the training of the model on pairs. Nil for validation leaves the validation loss out.
func (r Ranking) Task(training, validation *Pairs) train.Task[Batch] {
	task := train.Task[Batch]{Model: r, Training: training, Save: r.Save}
	if r.MiniBatch > 0 || r.Gather != nil {
		task.Model, task.Group = cached{r}, r.Gather
	}
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
