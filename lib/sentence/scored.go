package sentence

import (
	"context"
	"fmt"
	"math"

	"paperlab/lib/sentence/loss"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// Scored is a data set of pairs of texts with a number each: how alike people found them, or 1 for alike and 0 for not. What package
// train calls a Dataset; safe for concurrent reading, as long as its model is open.
type Scored struct {
	pairs  *Pairs
	scores []float32
}

// ScoredBatch is what one step of training on [Scored] takes.
type ScoredBatch struct {
	First, Second Tokens
	Scores        *tensor.Tensor // [batch]
}

// Scored tokenises pairs of texts with their scores, from -1 to 1. It fails where there are not as many of each, or none.
func (m *Model) Scored(ctx context.Context, first, second []string, scores []float64) (*Scored, error) {
	if len(scores) != len(first) {
		return nil, fmt.Errorf("sentence: scored pairs: %d pairs, %d scores: one each is needed", len(first), len(scores))
	}
	d := &Scored{}
	for i, score := range scores {
		if !(math.Abs(score) <= 1) {
			return nil, fmt.Errorf("sentence: scored pairs: score %v of pair %d: a cosine is from -1 to 1 (STS benchmarks' 0 to 5 are divided by 5)", score, i+1)
		}
		d.scores = append(d.scores, float32(score))
	}
	var err error
	d.pairs, err = m.Pairs(ctx, first, second)
	return d, err
}

// Len is the number of pairs.
func (d *Scored) Len() int { return d.pairs.Len() }

// Batch lays out the pairs whose numbers are in indices; its tensors are s's.
func (d *Scored) Batch(s *tensor.Scope, indices []int) ScoredBatch {
	scores := make([]float32, len(indices))
	for i, index := range indices {
		scores[i] = d.scores[index]
	}
	texts := d.pairs.Batch(s, indices)
	return ScoredBatch{First: texts.Anchors, Second: texts.Positives, Scores: s.FromFloat32s(scores, int64(len(scores)))}
}

// Regression is a model that learns people's scores by [loss.CosineSimilarity], as on STS benchmarks: what package
// train calls a Model, of [ScoredBatch].
type Regression struct{ *Model }

// Loss returns the loss of a batch, a scalar of s.
func (r Regression) Loss(s *tensor.Scope, b ScoredBatch) *tensor.Tensor {
	return loss.CosineSimilarity(s, r.Forward(s, b.First), r.Forward(s, b.Second), b.Scores)
}

// Task is the training of the model on scored pairs. Nil for validation leaves the validation loss out.
func (r Regression) Task(training, validation *Scored) train.Task[ScoredBatch] {
	return scoredTask(r, r.Save, training, validation)
}

// Contrast is a model that learns by [loss.Contrastive] which texts are alike (score 1) and which are not (0): what
// package train calls a Model, of [ScoredBatch].
type Contrast struct {
	*Model
	Margin float64 // from which distance on unlike texts are far enough apart, 0.5 in Sentence-Transformers
}

// Loss returns the loss of a batch, a scalar of s.
func (c Contrast) Loss(s *tensor.Scope, b ScoredBatch) *tensor.Tensor {
	return loss.Contrastive(s, c.Forward(s, b.First), c.Forward(s, b.Second), b.Scores, c.Margin)
}

// Task is the training of the model on pairs with scores 0 and 1. Nil for validation leaves the validation loss out.
func (c Contrast) Task(training, validation *Scored) train.Task[ScoredBatch] {
	return scoredTask(c, c.Save, training, validation)
}

func scoredTask(model train.Model[ScoredBatch], save func(dir string) error, training, validation *Scored) train.Task[ScoredBatch] {
	task := train.Task[ScoredBatch]{Model: model, Training: training, Save: save}
	if validation != nil {
		task.Validation = validation
	}
	return task
}
