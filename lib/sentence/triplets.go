package sentence

import (
	"errors"

	"paperlab/lib/sentence/loss"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// Triplets is a model that learns by [loss.Triplet] from pairs with one hard negative each: what package train calls a
// Model, of [Batch].
type Triplets struct {
	*Model
	Margin float64 // by how much a negative shall be farther than the positive; below 2 for vectors of length 1
}

// Loss returns the loss of a batch, a scalar of s. Pairs without a hard negative are an error of s.
func (t Triplets) Loss(s *tensor.Scope, b Batch) *tensor.Tensor {
	if len(b.Negatives) != 1 {
		s.Fail(errors.New("sentence: triplets: the pairs need one hard negative each"))
		return nil
	}
	return loss.Triplet(s, t.Forward(s, b.Anchors), t.Forward(s, b.Positives), t.Forward(s, b.Negatives[0]), t.Margin)
}

// Task is the training of the model on pairs with a hard negative. Nil for validation leaves the validation loss out.
func (t Triplets) Task(training, validation *Pairs) train.Task[Batch] {
	task := train.Task[Batch]{Model: t, Training: training, Save: t.Save}
	if validation != nil {
		task.Validation = validation
	}
	return task
}
