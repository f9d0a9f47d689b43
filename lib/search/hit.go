package search

import (
	"fmt"
	"strconv"
	"strings"

	"paperlab/lib/corpus"
	"paperlab/lib/sentence"
)

// Paper is what is kept of a paper, to show when it is found.
type Paper struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	Abstract   string `json:"abstract"`
	Authors    string `json:"authors,omitempty"`
	Categories string `json:"categories,omitempty"`
	Year       int    `json:"year,omitempty"`
}

// Hit is a paper that was found.
type Hit struct {
	Rank       int     `json:"rank"`       // from 1
	Similarity float64 `json:"similarity"` // cosine; NaN of a paper that its words alone brought
	Paper
}

// Hits are the papers found for one query, the nearest first.
type Hits []Hit

// Best returns the k papers whose vectors, given one after the other, are nearest to the query by cosine. It compares with
// each: for many queries an [Index] is faster.
func Best(query, vectors []float32, papers []corpus.Paper, k int) (Hits, error) {
	if len(query) == 0 || len(vectors) != len(papers)*len(query) {
		return nil, fmt.Errorf("search: %d papers, %d components of vectors, %d of the query: one vector a paper is needed",
			len(papers), len(vectors), len(query))
	}
	var hits Hits
	for i, found := range sentence.Best(query, vectors, k) {
		hits = append(hits, Hit{i + 1, found.Similarity, kept(papers[found.Index])})
	}
	return hits, nil
}

func kept(p corpus.Paper) Paper {
	return Paper{p.ID, p.Title, p.Abstract, p.Authors, p.Categories, p.Year}
}

// Table returns rank, similarity, title and abstract, one hit a row, white space in them joined.
func (h Hits) Table() (header []string, rows [][]string) {
	for _, hit := range h {
		line := func(text string) string { return strings.Join(strings.Fields(text), " ") }
		rows = append(rows, []string{strconv.Itoa(hit.Rank), fmt.Sprintf("%.4f", hit.Similarity), line(hit.Title), line(hit.Abstract)})
	}
	return []string{"rank", "similarity", "title", "abstract"}, rows
}

// Similarities returns the cosines, the nearest first.
func (h Hits) Similarities() []float64 {
	values := make([]float64, len(h))
	for i, hit := range h {
		values[i] = hit.Similarity
	}
	return values
}
