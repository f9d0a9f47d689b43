package sentence

import (
	"context"
	"fmt"

	"paperlab/lib/sentence/loss"
	"paperlab/lib/tensor"
)

// cached is a [Ranking] that computes its gradients in mini-batches. They are those of the whole batch:
//
//  1. every mini-batch is embedded, and its graph dropped;
//  2. the loss of all embeddings, and its gradient with respect to each of them, are computed;
//  3. every mini-batch is embedded anew, with the same dropout, and the gradients of its embeddings go on into the parameters.
//
// So a step embeds twice, and what grows with the batch are only its embeddings and their cosines. Without mini-batches, for
// [Ranking].Gather alone, the graphs are kept and nothing is embedded twice.
//
// Gao et al. 2021, "Scaling Deep Contrastive Learning Batch Size under Memory Limited Setup";
// losses/CachedMultipleNegativesRankingLoss.py of sentence_transformers.
type cached struct{ Ranking }

// Backward adds the gradients of the loss of a batch, times share, and returns that loss times share: see [train.Model].
func (c cached) Backward(s *tensor.Scope, b Batch, share float64, random *tensor.Random) (float64, error) {
	parts, columns := c.parts(s, b), int64(2+len(b.Negatives))
	if c.MiniBatch <= 0 {
		return c.whole(s, parts, columns, share)
	}
	states := make([]tensor.RandomState, len(parts))
	embeddings := make([]*tensor.Tensor, len(parts))
	var err error
	for i, part := range parts {
		if states[i], err = random.State(); err != nil {
			return 0, err
		}
		pass := s.Child()
		embeddings[i] = pass.Detach(c.Forward(pass, part))
		if !s.Adopt(pass, embeddings[i]) {
			return 0, s.Err()
		}
	}
	value, gradients, err := c.gradients(s, s.Cat(0, embeddings...), columns, share)
	if err != nil {
		return 0, err
	}
	row := int64(0)
	for i, part := range parts {
		if err := random.Restore(states[i]); err != nil {
			return 0, err
		}
		rows := part.IDs.Dim(0)
		if err := c.propagate(s, part, s.Narrow(gradients, 0, row, rows)); err != nil {
			return 0, err
		}
		row += rows
	}
	return value, s.Err()
}

// whole is Backward without mini-batches.
func (c cached) whole(s *tensor.Scope, parts []Tokens, columns int64, share float64) (float64, error) {
	var embeddings []*tensor.Tensor
	for _, part := range parts {
		embeddings = append(embeddings, c.Forward(s, part))
	}
	all := s.Cat(0, embeddings...)
	value, gradients, err := c.gradients(s, s.Detach(all), columns, share)
	if err != nil {
		return 0, err
	}
	surrogate := s.Sum(s.Mul(all, gradients))
	if s.Err() != nil {
		return 0, s.Err()
	}
	return value, tensor.Backward(surrogate)
}

// gradients returns the loss of embeddings, in so many columns one below the other, anchors first, times share, and its gradient with
// respect to them. Where ranks are gathered it is the loss of all their embeddings.
func (c cached) gradients(s *tensor.Scope, embeddings *tensor.Tensor, columns int64, share float64) (float64, *tensor.Tensor, error) {
	gathered, err := c.gather(s, embeddings, columns)
	if err != nil {
		return 0, nil, err
	}
	leaf, anchors := s.Leaf(gathered), gathered.Dim(0)/columns
	if s.Err() != nil {
		return 0, nil, s.Err()
	}
	candidates := s.Narrow(leaf, 0, anchors, leaf.Dim(0)-anchors)
	shared := s.MulScalar(loss.MultipleNegativesRanking(s, s.Narrow(leaf, 0, 0, anchors), candidates, c.Scale), share)
	if s.Err() != nil {
		return 0, nil, s.Err()
	}
	value, err := shared.Item()
	if err != nil {
		return 0, nil, err
	}
	if err := tensor.Backward(shared); err != nil {
		return 0, nil, err
	}
	return value, c.own(s, s.Grad(leaf), columns), s.Err()
}

// gather returns the embeddings of all ranks, column by column.
func (c cached) gather(s *tensor.Scope, embeddings *tensor.Tensor, columns int64) (*tensor.Tensor, error) {
	if s.Err() != nil || c.Gather == nil {
		return embeddings, s.Err()
	}
	n, width := embeddings.Dim(0)/columns, embeddings.Dim(1)
	// The training's context ends between steps, on all ranks alike.
	all, err := c.Gather.AllGather(context.Background(), s, embeddings)
	if err != nil {
		return nil, fmt.Errorf("sentence: the embeddings of all ranks: %w", err)
	}
	ranks := int64(c.Gather.Size())
	byColumn := s.Permute(s.Reshape(all, ranks, columns, n, width), 1, 0, 2, 3)
	return s.Reshape(s.Contiguous(byColumn), columns*ranks*n, width), s.Err()
}

// own takes this rank's part of the gradient of what was gathered. Every rank has the loss of all, whose gradients are
// averaged over them afterwards: hence the factor.
func (c cached) own(s *tensor.Scope, gradient *tensor.Tensor, columns int64) *tensor.Tensor {
	if s.Err() != nil || c.Gather == nil {
		return gradient
	}
	ranks, width := int64(c.Gather.Size()), gradient.Dim(1)
	n := gradient.Dim(0) / columns / ranks
	own := s.Select(s.Reshape(gradient, columns, ranks, n, width), 1, int64(c.Gather.Rank()))
	return s.MulScalar(s.Reshape(s.Contiguous(own), columns*n, width), float64(ranks))
}

// propagate embeds a mini-batch and adds the parameters' gradients, given its embeddings'.
func (c cached) propagate(s *tensor.Scope, part Tokens, gradient *tensor.Tensor) error {
	pass := s.Child()
	defer pass.Close()
	surrogate := pass.Sum(pass.Mul(c.Forward(pass, part), gradient))
	if pass.Err() != nil {
		return pass.Err()
	}
	return tensor.Backward(surrogate)
}

// parts cuts a batch into mini-batches: of the anchors, then of the positives, then of the hard negatives.
func (r Ranking) parts(s *tensor.Scope, b Batch) (parts []Tokens) {
	for _, column := range append([]Tokens{b.Anchors, b.Positives}, b.Negatives...) {
		parts = append(parts, r.cut(s, column)...)
	}
	return parts
}

// cut divides texts into mini-batches.
func (r Ranking) cut(s *tensor.Scope, t Tokens) (parts []Tokens) {
	if r.MiniBatch <= 0 || s.Err() != nil {
		return []Tokens{t}
	}
	rows, most := t.IDs.Dim(0), int64(r.MiniBatch)
	for row := int64(0); row < rows; row += most {
		n := min(most, rows-row)
		parts = append(parts, Tokens{IDs: s.Narrow(t.IDs, 0, row, n), Mask: s.Narrow(t.Mask, 0, row, n)})
	}
	return parts
}
