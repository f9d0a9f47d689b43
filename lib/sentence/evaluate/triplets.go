package evaluate

import (
	"context"
	"fmt"
	"slices"

	"paperlab/lib/sentence"
)

// Triplets is a test: texts, for each one that is like it, and one that is not.
type Triplets struct {
	Anchors, Positives, Negatives []string
}

// Accuracy embeds the texts and returns the share of anchors that are nearer, by cosine, to their positive than to their
// negative, as TripletEvaluator of sentence_transformers does. It stops with ctx's error when that ends.
func (t Triplets) Accuracy(ctx context.Context, m *sentence.Model, o sentence.Options) (float64, error) {
	if err := t.check(); err != nil {
		return 0, err
	}
	vectors, err := m.Encode(ctx, slices.Concat(t.Anchors, t.Positives, t.Negatives), o)
	if err != nil {
		return 0, err
	}
	third := len(vectors) / 3
	return t.AccuracyOfVectors(vectors[:third], vectors[third:2*third], vectors[2*third:])
}

// AccuracyOfVectors is [Triplets.Accuracy] of vectors that are there already, one after the other.
func (t Triplets) AccuracyOfVectors(anchors, positives, negatives []float32) (float64, error) {
	if err := t.check(); err != nil {
		return 0, err
	}
	n := len(t.Anchors)
	dim := len(anchors) / n
	if dim == 0 || len(anchors) != dim*n || len(positives) != dim*n || len(negatives) != dim*n {
		return 0, fmt.Errorf("evaluate: %d, %d and %d components for %d triplets", len(anchors), len(positives), len(negatives), n)
	}
	right := 0
	for i := range n {
		of := func(vectors []float32) []float32 { return vectors[i*dim : (i+1)*dim] }
		if sentence.Cosine(of(anchors), of(positives)) > sentence.Cosine(of(anchors), of(negatives)) {
			right++
		}
	}
	return float64(right) / float64(n), nil
}

func (t Triplets) check() error {
	if n := len(t.Anchors); n == 0 || len(t.Positives) != n || len(t.Negatives) != n {
		return fmt.Errorf("evaluate: %d anchors, %d positives, %d negatives: as many of each, and at least one, are needed", n, len(t.Positives), len(t.Negatives))
	}
	return nil
}
