package sentence

import (
	"context"
	"fmt"
	"slices"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// Mining says how [Model.HardNegatives] chooses. The zero value mines nothing.
type Mining struct {
	PerPair int     // negatives of each pair
	Margin  float64 // by how much less alike than its positive a negative has to be to the anchor, as a difference of cosines
	Options         // of the embedding
}

// Mined are pairs with their hard negatives, as [Model.Pairs] takes them.
type Mined struct {
	Anchors, Positives []string
	Negatives          [][]string // PerPair columns, the hardest first
}

// HardNegatives finds for each anchor the texts among all positives that look to the model most as if they belonged to it: the nearest
// by cosine, but farther than its positive by the margin, as what is nearer may well belong to it. Texts that are paired with
// the anchor anywhere are no negatives of it. Pairs with too few are left out (mine_hard_negatives of sentence_transformers, with
// its absolute margin). Time grows with the square of the pairs.
func (m *Model) HardNegatives(ctx context.Context, anchors, positives []string, o Mining) (Mined, error) {
	mined := Mined{Negatives: make([][]string, max(o.PerPair, 0))}
	if len(anchors) != len(positives) || o.PerPair < 1 || !(o.Margin >= 0) {
		return mined, fmt.Errorf("sentence: hard negatives: %d anchors, %d positives, %d negatives each, margin %v: one positive each, a negative and a margin of 0 or more are needed",
			len(anchors), len(positives), o.PerPair, o.Margin)
	}
	candidates := slices.Compact(slices.Sorted(slices.Values(positives)))
	vectors, err := m.Encode(ctx, slices.Concat(candidates, anchors), o.Options)
	if err != nil {
		return mined, err
	}
	split := len(candidates) * m.Dim()
	partners := partnersOf(anchors, positives)
	err = similarities(ctx, vectors[split:], vectors[:split], m.Dim(), func(i int, cosines []float32) {
		own, _ := slices.BinarySearch(candidates, positives[i])
		limit := float64(cosines[own]) - o.Margin
		found := nearestBelow(cosines, limit, o.PerPair, func(j int) bool {
			return candidates[j] == anchors[i] || partners[anchors[i]][candidates[j]]
		})
		if len(found) < o.PerPair {
			return
		}
		mined.Anchors, mined.Positives = append(mined.Anchors, anchors[i]), append(mined.Positives, positives[i])
		for column, j := range found {
			mined.Negatives[column] = append(mined.Negatives[column], candidates[j])
		}
	})
	if err != nil {
		return mined, fmt.Errorf("sentence: hard negatives: %w", err)
	}
	return mined, nil
}

// partnersOf returns the texts that each text is paired with.
func partnersOf(anchors, positives []string) map[string]map[string]bool {
	partners := map[string]map[string]bool{}
	add := func(a, b string) {
		if partners[a] == nil {
			partners[a] = map[string]bool{}
		}
		partners[a][b] = true
	}
	for i, anchor := range anchors {
		add(anchor, positives[i])
		add(positives[i], anchor)
	}
	return partners
}

// nearestBelow returns the numbers of the k highest values below limit, the highest first, without those to be skipped.
func nearestBelow(values []float32, limit float64, k int, skip func(j int) bool) []int {
	var found []int
	for j, value := range values {
		if !(float64(value) < limit) || len(found) == k && value <= values[found[k-1]] || skip(j) {
			continue
		}
		at, _ := slices.BinarySearchFunc(found, value, func(other int, v float32) int {
			if values[other] >= v {
				return -1
			}
			return 1
		})
		found = slices.Insert(found, at, j)
		found = found[:min(k, len(found))]
	}
	return found
}

// similarities calls each with the number of a vector of a and its cosines with all of b. It computes a block of a at a time.
func similarities(ctx context.Context, a, b []float32, dim int, each func(i int, cosines []float32)) error {
	const block = 256
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	rows, columns := len(a)/dim, len(b)/dim
	to := s.Transpose(nn.Normalize(s, s.FromFloat32s(b, int64(columns), int64(dim))), 0, 1)
	for from := 0; from < rows; from += block {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(block, rows-from)
		cosines, err := product(s, a[from*dim:(from+n)*dim], to)
		if err != nil {
			return err
		}
		for i := range n {
			each(from+i, cosines[i*columns:(i+1)*columns])
		}
	}
	return nil
}

// product returns the cosines of vectors with those whose unit vectors are the columns of to.
func product(s *tensor.Scope, vectors []float32, to *tensor.Tensor) ([]float32, error) {
	pass := s.Child()
	defer pass.Close()
	if s.Err() != nil {
		return nil, s.Err()
	}
	dim := to.Dim(0)
	cosines := pass.MatMul(nn.Normalize(pass, pass.FromFloat32s(vectors, int64(len(vectors))/dim, dim)), to)
	if pass.Err() != nil {
		return nil, pass.Err()
	}
	return cosines.Float32s()
}
