package search

import (
	"errors"
	"fmt"
	"math"

	"paperlab/lib/corpus"
	"paperlab/lib/vector/faiss"
)

// Index holds papers and a vector of each, compared exactly (FAISS's IndexFlatL2). It may be shared between goroutines.
type Index struct {
	catalogue catalogue
	vectors   *faiss.Index
}

// NewIndex makes an index of papers from their vectors, given one after the other, which it scales to length 1 in place, so
// that the nearest by distance are the nearest by cosine. Model is the folder or the name of what made the vectors and can
// embed queries. The caller closes the index.
func NewIndex(model string, vectors []float32, papers []corpus.Paper) (*Index, error) {
	if len(papers) == 0 || len(vectors) == 0 || len(vectors)%len(papers) != 0 {
		return nil, fmt.Errorf("search: index: %d papers, %d components of vectors: one vector a paper is needed",
			len(papers), len(vectors))
	}
	dim := len(vectors) / len(papers)
	unitLength(vectors, dim)
	index, err := faiss.NewFlatL2(dim)
	if err != nil {
		return nil, err
	}
	if err := index.Add(vectors); err != nil {
		return nil, errors.Join(err, index.Close())
	}
	return &Index{newCatalogue(model, papers), index}, nil
}

// Read reads an index that [Index.Write] wrote. The caller closes it.
func Read(path string) (*Index, error) {
	index, err := faiss.Read(path)
	if err != nil {
		return nil, err
	}
	known, err := readCatalogue(path, index.Len())
	if err != nil {
		return nil, errors.Join(err, index.Close())
	}
	return &Index{known, index}, nil
}

// Write writes the vectors to a file that FAISS reads, and the papers beside it, to path + ".papers.jsonl". Each file is
// replaced whole or not at all.
func (x *Index) Write(path string) error {
	// The papers first: an index without its papers cannot answer, papers without an index harm nobody.
	if err := x.catalogue.write(path); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	return x.vectors.Write(path)
}

// Search returns the k papers nearest to a query's vector by cosine, or all where there are fewer.
func (x *Index) Search(query []float32, k int) (Hits, error) {
	if len(query) != x.Dim() {
		return nil, fmt.Errorf("search: the index has vectors of %d components, the query has %d: ask the model that built it, %s",
			x.Dim(), len(query), x.Model())
	}
	query = append([]float32(nil), query...)
	unitLength(query, len(query))
	distances, ids, err := x.vectors.Search(query, min(k, x.Len()))
	if err != nil {
		return nil, err
	}
	hits := make(Hits, len(ids))
	for i, id := range ids {
		// Both vectors have length 1, so |a-b|² = 2 - 2 cos.
		hits[i] = Hit{i + 1, 1 - float64(distances[i])/2, x.catalogue.papers[id]}
	}
	return hits, nil
}

// Model is the folder or the name of the model that made the vectors.
func (x *Index) Model() string { return x.catalogue.Model }

// Len is the number of papers.
func (x *Index) Len() int { return len(x.catalogue.papers) }

// Dim is the number of components of each vector.
func (x *Index) Dim() int { return x.vectors.Dim() }

// Close gives the memory of the vectors back. It may be called again.
func (x *Index) Close() error { return x.vectors.Close() }

// String describes the index in a line.
func (x *Index) String() string {
	return fmt.Sprintf("%d papers, %d dimensions, flat L2, of %s", x.Len(), x.Dim(), x.Model())
}

// unitLength scales vectors of dim components to length 1. Models with a normalisation of their own, such as MiniLM, come
// with it; their vectors stay as they are.
func unitLength(vectors []float32, dim int) {
	for start := 0; start+dim <= len(vectors); start += dim {
		vector := vectors[start : start+dim]
		var square float64
		for _, x := range vector {
			square += float64(x) * float64(x)
		}
		if square == 0 || math.Abs(square-1) < 1e-4 {
			continue
		}
		scale := float32(1 / math.Sqrt(square))
		for i := range vector {
			vector[i] *= scale
		}
	}
}
