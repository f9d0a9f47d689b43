package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
)

// Query says what to look for: by meaning, by words, or by both.
type Query struct {
	Vector  []float32 // the embedding of what is asked, by the model that built the index; nil: meaning does not count
	Words   string    // words of title, authors and abstract; empty: words do not count
	K       int       // papers wanted
	Filter  Filter
	Without string // the ID of a paper to leave out, such as the one that others shall be like; empty: none
}

// Find returns the K papers that answer a query best, or fewer where no more count. With both a vector and words, the two
// orders are fused: a paper's score is the sum of 1 / (60 + its rank) over them (reciprocal rank fusion, Cormack, Clarke
// & Buettcher 2009). So a title or an author that is named comes first although meaning alone would miss it.
func (x *Index) Find(ctx context.Context, q Query) (Hits, error) {
	if q.K < 1 {
		return nil, fmt.Errorf("search: %d papers are wanted: ask for one at least", q.K)
	}
	if q.Vector == nil && q.Words == "" {
		return nil, errors.New("search: the query has neither a vector nor words")
	}
	var orders [][]int
	cosines := map[int]float64{}
	if q.Vector != nil {
		order, err := x.nearest(ctx, q, cosines)
		if err != nil {
			return nil, err
		}
		orders = append(orders, order)
	}
	if q.Words != "" {
		order, err := x.byWords(ctx, q)
		if err != nil {
			return nil, err
		}
		orders = append(orders, order)
	}
	var hits Hits
	best := fuse(orders)
	for i, paper := range best[:min(q.K, len(best))] {
		cosine, known := cosines[paper]
		if !known {
			cosine = math.NaN()
		}
		hits = append(hits, Hit{i + 1, cosine, x.catalogue.papers[paper]})
	}
	return hits, nil
}

// deep is how far the orders go that are fused: who is beyond in both is of no use.
const deep = 100

// nearest returns the papers nearest to the query that count, and notes the cosines of all that it saw.
func (x *Index) nearest(ctx context.Context, q Query, cosines map[int]float64) (order []int, err error) {
	want := q.K
	if q.Words != "" {
		want = max(want, deep)
	}
	// What does not count is not known to FAISS: it is asked for more until enough do.
	for ask := want + 1; ; ask *= 4 {
		hits, err := x.search(ctx, q.Vector, ask)
		if err != nil {
			return nil, err
		}
		order = order[:0]
		for _, hit := range hits {
			cosines[hit.paper] = hit.cosine
			if len(order) < want && x.counts(hit.paper, q) {
				order = append(order, hit.paper)
			}
		}
		if len(order) == want || ask >= x.Len() {
			return order, nil
		}
	}
}

// byWords returns the best papers by words that count.
func (x *Index) byWords(ctx context.Context, q Query) (order []int, err error) {
	w, err := x.indexedWords(ctx)
	if err != nil {
		return nil, err
	}
	want := max(q.K, deep)
	for ask := want + 1; ; ask *= 4 {
		papers, err := w.best(ctx, q.Words, ask)
		if err != nil {
			if x.file != "" {
				err = fmt.Errorf("%w (remove %s: it is made again)", err, x.wordsFile())
			}
			return nil, fmt.Errorf("search: by words: %w", err)
		}
		order = order[:0]
		for _, paper := range papers {
			if len(order) < want && x.counts(paper, q) {
				order = append(order, paper)
			}
		}
		if len(order) == want || len(papers) < ask {
			return order, nil
		}
	}
}

func (x *Index) counts(paper int, q Query) bool {
	p := x.catalogue.papers[paper]
	return q.Filter.Match(p) && (q.Without == "" || p.ID != q.Without)
}

// fuse joins orders into one. A single one stays as it is.
func fuse(orders [][]int) []int {
	if len(orders) == 1 {
		return orders[0]
	}
	const damping = 60
	scores := map[int]float64{}
	for _, order := range orders {
		for i, paper := range order {
			scores[paper] += 1 / float64(damping+i+1)
		}
	}
	return slices.SortedFunc(maps.Keys(scores), func(a, b int) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b))
	})
}
