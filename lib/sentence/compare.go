package sentence

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"paperlab/lib/nn"
)

// Cosine returns the cosine of the angle between two vectors: 0 where one is zero (util.cos_sim of
// sentence_transformers), NaN where their lengths differ.
func Cosine(a, b []float32) float64 {
	if len(a) != len(b) {
		return math.NaN()
	}
	var product, aa, bb float64
	for i, x := range a {
		x, y := float64(x), float64(b[i])
		product += x * y
		aa += x * x
		bb += y * y
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return product / math.Sqrt(aa*bb)
}

// Hit is one of the vectors that Best found.
type Hit struct {
	Index      int // number of the vector
	Similarity float64
}

// Best returns the k vectors nearest to query by cosine, the nearest first, the first among equals; all of them where
// there are fewer. vectors holds them one after the other, as [Model.Encode] returns them, each as long as query.
func Best(query, vectors []float32, k int) []Hit {
	if len(query) == 0 {
		return nil
	}
	hits := make([]Hit, 0, len(vectors)/len(query))
	for i := range cap(hits) {
		hits = append(hits, Hit{i, Cosine(query, vectors[i*len(query):(i+1)*len(query)])})
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(b.Similarity, a.Similarity) })
	return hits[:max(0, min(k, len(hits)))]
}

// Change returns how far tuned is from base: the signed sum of the differences of all parameters (the study's "Total Parameter
// Change", in which rises and falls cancel out) and the length of their vector, which says how far indeed. Models of
// different parameters are an error.
func Change(tuned, base *Model) (sum, norm float64, err error) {
	a, b := tuned.Parameters(), base.Parameters()
	same := func(x, y nn.Spec) bool { return x.Name == y.Name && slices.Equal(x.Shape, y.Shape) }
	if !slices.EqualFunc(a.Specs(), b.Specs(), same) {
		return 0, 0, fmt.Errorf("sentence: change: the models have different parameters (%d and %d values)", a.Len(), b.Len())
	}
	after, err := flat(a)
	if err != nil {
		return 0, 0, err
	}
	before, err := flat(b)
	if err != nil {
		return 0, 0, err
	}
	for i := range after {
		d := float64(after[i]) - float64(before[i])
		sum += d
		norm += d * d
	}
	return sum, math.Sqrt(norm), nil
}

func flat(p *nn.Parameters) ([]float32, error) {
	values, _ := p.Flat()
	return values.Float32s()
}
