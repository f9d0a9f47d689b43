package search

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"paperlab/lib/corpus"
	"paperlab/lib/vector"
	"paperlab/lib/vector/faiss"
)

// Index holds papers and a vector of each, compared exactly (FAISS's flat index). It may be shared between goroutines.
type Index struct {
	catalogue catalogue
	vectors   *faiss.Index
	file      string // that it was read from, unless it has changed since; else empty

	indexing sync.Mutex
	words    *words // made when somebody first asks by words
}

// Model is what made an index' vectors and can embed queries.
type Model struct {
	Name   string // folder or name
	Hash   string // as sentence.Model.Hash gives it; empty where it is not known
	Prompt string // what stood before each paper's text; empty: what the model has by default
}

// NewIndex makes an index of papers from their vectors, given one after the other, which it scales to length 1 in place, so
// that the nearest by distance are the nearest by cosine. The caller closes the index.
func NewIndex(ctx context.Context, model Model, vectors []float32, papers []corpus.Paper) (*Index, error) {
	if len(papers) == 0 || len(vectors) == 0 || len(vectors)%len(papers) != 0 {
		return nil, fmt.Errorf("search: index: %d papers, %d components of vectors: one vector a paper is needed",
			len(papers), len(vectors))
	}
	x, err := Empty(model, len(vectors)/len(papers))
	if err != nil {
		return nil, err
	}
	if err := x.Add(ctx, vectors, papers); err != nil {
		return nil, errors.Join(err, x.Close())
	}
	return x, nil
}

// Empty makes an index without papers, for vectors of dim components. The caller closes it.
func Empty(model Model, dim int) (*Index, error) {
	index, err := faiss.New(vector.Spec{Dim: dim, Model: model.Hash}, "Flat")
	if err != nil {
		return nil, err
	}
	return &Index{catalogue: catalogue{Model: model.Name, Prompt: model.Prompt}, vectors: index}, nil
}

// Prompt is what stands before the text of each paper that is embedded for the index.
func (x *Index) Prompt() string { return x.catalogue.Prompt }

// Add adds papers with their vectors, which it scales to length 1 in place. It must not be called while others use the index.
func (x *Index) Add(ctx context.Context, vectors []float32, papers []corpus.Paper) error {
	unitLength(vectors, x.Dim())
	ids := make([]int64, len(papers))
	for i := range ids {
		ids[i] = int64(x.Len() + i)
	}
	if err := x.vectors.Add(ctx, ids, vectors); err != nil {
		return err
	}
	x.catalogue.add(papers)
	x.file = "" // which has fewer
	return x.forgetWords()
}

// Has returns which of the papers, by their IDs, are in the index.
func (x *Index) Has() map[string]bool {
	has := make(map[string]bool, x.Len())
	for _, p := range x.catalogue.papers {
		has[p.ID] = true
	}
	return has
}

// Paper returns the paper with an ID.
func (x *Index) Paper(id string) (Paper, bool) {
	for _, p := range x.catalogue.papers {
		if p.ID == id {
			return p, true
		}
	}
	return Paper{}, false
}

// Read reads an index that [Index.Write] wrote. The caller closes it. Who first asks it by words makes path + ".words", where that can be
// written: the words of its papers, for the next process.
func Read(path string) (*Index, error) {
	index, err := faiss.Read(path)
	if err != nil {
		return nil, err
	}
	vectors, err := index.Len(context.Background()) // in memory: nothing to wait for
	if err != nil {
		return nil, errors.Join(err, index.Close())
	}
	known, err := readCatalogue(path, vectors, index.Note())
	if err != nil {
		return nil, errors.Join(err, index.Close())
	}
	return &Index{catalogue: known, vectors: index, file: path}, nil
}

// Write writes the vectors to a file that FAISS reads, and the papers beside it, to path + ".papers.jsonl". Each file is
// replaced whole or not at all.
func (x *Index) Write(path string) error {
	// The papers first: an index without its papers cannot answer, papers without an index harm nobody.
	if err := x.catalogue.write(path); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	hash, err := x.catalogue.hash()
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	return x.vectors.Write(path, hash)
}

// Search returns the k papers nearest to a query's vector by cosine, or all where there are fewer.
func (x *Index) Search(ctx context.Context, query []float32, k int) (Hits, error) {
	return x.Find(ctx, Query{Vector: query, K: k})
}

// similar is a paper, by its number, and its cosine with a query.
type similar struct {
	paper  int
	cosine float64
}

func (x *Index) search(ctx context.Context, query []float32, k int) ([]similar, error) {
	if len(query) != x.Dim() {
		return nil, fmt.Errorf("search: the index has vectors of %d components, the query has %d: ask the model that built it, %s",
			x.Dim(), len(query), x.Model())
	}
	query = append([]float32(nil), query...)
	unitLength(query, len(query))
	found, err := x.vectors.Search(ctx, query, min(k, x.Len()))
	if err != nil {
		return nil, err
	}
	hits := make([]similar, len(found[0]))
	for i, n := range found[0] {
		// Both vectors have length 1, so |a-b|² = 2 - 2 cos.
		hits[i] = similar{int(n.ID), 1 - float64(n.Distance)/2}
	}
	return hits, nil
}

// indexedWords returns the index of the words, and makes it where it is missing.
func (x *Index) indexedWords(ctx context.Context) (*words, error) {
	x.indexing.Lock()
	defer x.indexing.Unlock()
	if x.words == nil {
		w, err := x.makeWords(ctx)
		if err != nil {
			return nil, err
		}
		x.words = w
	}
	return x.words, nil
}

func (x *Index) wordsFile() string { return x.file + ".words" }

func (x *Index) makeWords(ctx context.Context) (*words, error) {
	if x.file == "" {
		return newWords(ctx, x.catalogue.papers)
	}
	return keptWords(ctx, x.wordsFile(), x.catalogue.papers, x.vectors.Note())
}

func (x *Index) forgetWords() (err error) {
	x.indexing.Lock()
	defer x.indexing.Unlock()
	if x.words != nil {
		err = x.words.close()
		x.words = nil
	}
	return err
}

// Check returns an error, with [vector.ErrModel] in its chain, unless a model with this hash made the vectors.
func (x *Index) Check(hash string) error {
	if err := x.vectors.Spec().Check(hash); err != nil {
		return fmt.Errorf("search: the index was built by %s: %w", x.Model(), err)
	}
	return nil
}

// Model is the folder or the name of the model that made the vectors.
func (x *Index) Model() string { return x.catalogue.Model }

// Len is the number of papers.
func (x *Index) Len() int { return len(x.catalogue.papers) }

// Dim is the number of components of each vector.
func (x *Index) Dim() int { return x.vectors.Spec().Dim }

// Close gives the memory back. It may be called again.
func (x *Index) Close() error { return errors.Join(x.forgetWords(), x.vectors.Close()) }

// String describes the index in a line.
func (x *Index) String() string {
	return fmt.Sprintf("%d papers, %d dimensions, flat, of %s", x.Len(), x.Dim(), x.Model())
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
