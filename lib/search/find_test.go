package search_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/corpus"
	"paperlab/lib/search"
)

// library are papers whose vectors lie on a circle, each 20 degrees on.
var library = []corpus.Paper{
	{ID: "1", Title: "Dark matter halos", Abstract: "We simulate galaxies.", Authors: "Vera Rubin", Categories: "astro-ph.GA", Year: 2007},
	{ID: "2", Title: "Halos of galaxies", Abstract: "Dark matter, dark matter.", Authors: "J. Doe", Categories: "astro-ph.CO astro-ph.GA", Year: 2010},
	{ID: "3", Title: "Attention", Abstract: "A network of attention alone.", Authors: "A. Vaswani and N. Shazeer", Categories: "cs.CL cs.LG", Year: 2017},
	{ID: "4", Title: "Sentence embeddings", Abstract: "Siamese networks.", Authors: "N. Reimers", Categories: "cs.CL", Year: 2019},
	{ID: "5", Title: "Old work", Abstract: "About nothing.", Authors: "M. Müller", Categories: "csx.Y"},
}

func shelf(t *testing.T) *search.Index {
	t.Helper()
	index, err := search.NewIndex(t.Context(), search.Model{Name: "circle", Hash: "0a"}, circle(len(library)), library)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { index.Close() })
	return index
}

func circle(n int) (vectors []float32) {
	for i := range n {
		angle := float64(i) * math.Pi / 9
		vectors = append(vectors, float32(math.Cos(angle)), float32(math.Sin(angle)))
	}
	return vectors
}

func TestQueriesFindByMeaningByWordsAndByBoth(t *testing.T) {
	index := shelf(t)
	east := []float32{1, 0}
	for _, c := range []struct {
		name  string
		query search.Query
		want  string
	}{
		{"by meaning", search.Query{Vector: east, K: 3}, "1 2 3"},
		{"by the author's name", search.Query{Words: "vaswani", K: 3}, "3"},
		{"by a name without its dots", search.Query{Words: "Muller", K: 3}, "5"},
		{"by another form of a word", search.Query{Words: "networking", K: 3}, "4 3"},
		{"by words, the title first", search.Query{Words: "attention network", K: 3}, "3 4"},
		{"by both, what both find first", search.Query{Vector: east, Words: "Reimers", K: 2}, "4 1"},
		{"by words that are none", search.Query{Words: "...", K: 3}, ""},
		{"by words as the query language has them", search.Query{Words: `title:"NOT (dark*`, K: 1}, "1"},
		{"in a category", search.Query{Vector: east, K: 3, Filter: search.Filter{Category: "cs.CL"}}, "3 4"},
		{"in an archive", search.Query{Vector: east, K: 9, Filter: search.Filter{Category: "cs"}}, "3 4"},
		{"from a year on", search.Query{Vector: east, K: 9, Filter: search.Filter{From: 2010}}, "2 3 4"},
		{"up to a year", search.Query{Vector: east, K: 9, Filter: search.Filter{To: 2010}}, "1 2"},
		{"in a year, by both", search.Query{Vector: east, Words: "dark", K: 9, Filter: search.Filter{From: 2010, To: 2010}}, "2"},
		{"without one", search.Query{Vector: east, K: 2, Without: "1"}, "2 3"},
	} {
		hits, err := index.Find(t.Context(), c.query)
		if err != nil || ids(hits) != c.want {
			t.Errorf("%s: %q, %v, want %q", c.name, ids(hits), err, c.want)
		}
		for i, hit := range hits {
			if hit.Rank != i+1 || math.IsNaN(hit.Similarity) != (c.query.Vector == nil) {
				t.Errorf("%s: %+v", c.name, hit)
			}
		}
	}
}

func TestQueriesForNothingAreRefused(t *testing.T) {
	index := shelf(t)
	for want, query := range map[string]search.Query{
		"neither a vector nor words": {K: 1},
		"0 papers are wanted":        {Words: "x"},
	} {
		if _, err := index.Find(t.Context(), query); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, query := range []search.Query{{Vector: []float32{1, 0}, K: 1}, {Words: "x", K: 1}} {
		if _, err := index.Find(ctx, query); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	}
}

func TestPapersAreAddedAndFound(t *testing.T) {
	index := shelf(t)
	if _, err := index.Find(t.Context(), search.Query{Words: "quark", K: 1}); err != nil {
		t.Fatal(err)
	}
	more := []corpus.Paper{{ID: "6", Title: "Quarks"}}
	if err := index.Add(t.Context(), []float32{0, -3}, more); err != nil {
		t.Fatal(err)
	}
	for name, query := range map[string]search.Query{
		"by meaning": {Vector: []float32{0, -1}, K: 1}, "by words": {Words: "quark", K: 1},
	} {
		if hits, err := index.Find(t.Context(), query); err != nil || ids(hits) != "6" {
			t.Errorf("%s: %v, %v", name, hits, err)
		}
	}
	if has := index.Has(); len(has) != 6 || !has["6"] {
		t.Errorf("%v", has)
	}
	if paper, ok := index.Paper("6"); !ok || paper.Title != "Quarks" {
		t.Errorf("%v", paper)
	}
	if err := index.Add(t.Context(), []float32{1}, more); err == nil || index.Len() != 6 {
		t.Errorf("half a vector: %v, %d papers", err, index.Len())
	}
}

// Papers are written before vectors, whichever of the two a crash leaves.
func TestAnAdditionThatWasCutOffLeavesTheIndexAsItWas(t *testing.T) {
	folder := t.TempDir()
	before, after := filepath.Join(folder, "before.faiss"), filepath.Join(folder, "after.faiss")
	index := shelf(t)
	if err := index.Write(before); err != nil {
		t.Fatal(err)
	}
	if err := index.Add(t.Context(), []float32{0, -1}, []corpus.Paper{{ID: "6"}}); err != nil {
		t.Fatal(err)
	}
	if err := index.Write(after); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(after+".papers.jsonl", before+".papers.jsonl"); err != nil {
		t.Fatal(err)
	}
	again, err := search.Read(before)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if again.Len() != 5 {
		t.Errorf("%d papers", again.Len())
	}
	// Another index' papers are no continuation of these.
	other, err := search.NewIndex(t.Context(), search.Model{}, circle(5), append(library[1:5:5], library[0]))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := other.Write(after); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(after+".papers.jsonl", before+".papers.jsonl"); err != nil {
		t.Fatal(err)
	}
	if _, err := search.Read(before); err == nil || !strings.Contains(err.Error(), "another index") {
		t.Errorf("%v", err)
	}
}

func TestWordsOfMostPapersCountOnlyAmongThemselves(t *testing.T) {
	papers := []corpus.Paper{{ID: "1", Title: "The halo"}, {ID: "2", Title: "The sun"}, {ID: "3", Title: "The dawn"}}
	index, err := search.NewIndex(t.Context(), search.Model{Name: "circle"}, circle(len(papers)), papers)
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	for words, want := range map[string]string{"the sun": "2", "THE": "1 2 3", "the the halo dawn": "1 3"} {
		if hits, err := index.Find(t.Context(), search.Query{Words: words, K: 3}); err != nil || ids(hits) != want {
			t.Errorf("%s: %s, %v, want %s", words, ids(hits), err, want)
		}
	}
}
