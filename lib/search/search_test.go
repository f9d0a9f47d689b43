package search_test

import (
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/corpus"
	"paperlab/lib/search"
	"paperlab/lib/vector"
)

// papers are three, whose vectors point north, east and north-east.
var papers = []corpus.Paper{
	{ID: "n", Title: "North", Abstract: "Up\n the map."}, {ID: "e", Title: "East", Abstract: "Right."}, {ID: "ne", Title: "North-east", Abstract: "Between."},
}

// vectors are of several lengths.
func vectors() []float32 { return []float32{0, 2, 0.5, 0, 3, 3} }

func ids(hits search.Hits) string {
	var all []string
	for _, hit := range hits {
		all = append(all, hit.ID)
	}
	return strings.Join(all, " ")
}

func TestAnIndexAnswersByTheCosineAlsoAfterItWasWrittenAndRead(t *testing.T) {
	index, err := search.NewIndex(t.Context(), search.Model{Name: "compass", Hash: "0a"}, vectors(), papers)
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	path := filepath.Join(t.TempDir(), "papers.faiss")
	if err := index.Write(path); err != nil {
		t.Fatal(err)
	}
	again, err := search.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	for _, x := range []*search.Index{index, again} {
		hits, err := x.Search(t.Context(), []float32{0.1, 7}, 2)
		if err != nil || ids(hits) != "n ne" || hits[0].Rank != 1 || math.Abs(hits[0].Similarity-0.9999) > 1e-4 || hits[1].Title != "North-east" {
			t.Errorf("%+v, %v", hits, err)
		}
		if all, err := x.Search(t.Context(), []float32{1, 0}, 9); err != nil || ids(all) != "e ne n" {
			t.Errorf("%+v, %v", all, err)
		}
		if x.Len() != 3 || x.Dim() != 2 || x.Model() != "compass" {
			t.Errorf("%v", x)
		}
		if err := x.Check("0b"); x.Check("0a") != nil || !errors.Is(err, vector.ErrModel) || !strings.Contains(err.Error(), "compass") {
			t.Errorf("another model's vectors: %v", err)
		}
	}
}

func TestTheIndexAndTheComparisonWithEachAgree(t *testing.T) {
	index, err := search.NewIndex(t.Context(), search.Model{Name: "compass", Hash: "0a"}, vectors(), papers)
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	query := []float32{3, 1}
	fast, err := index.Search(t.Context(), query, 3)
	if err != nil {
		t.Fatal(err)
	}
	slow, err := search.Best(query, vectors(), papers, 3)
	if err != nil || ids(slow) != ids(fast) {
		t.Fatalf("%v and %v, %v", ids(slow), ids(fast), err)
	}
	for i := range slow {
		if math.Abs(slow[i].Similarity-fast[i].Similarity) > 1e-6 {
			t.Errorf("rank %d: %v and %v", i+1, slow[i].Similarity, fast[i].Similarity)
		}
	}
}

func TestHitsAreATableOfSingleLines(t *testing.T) {
	hits, err := search.Best([]float32{0, 1}, vectors(), papers, 1)
	if err != nil {
		t.Fatal(err)
	}
	header, rows := hits.Table()
	if strings.Join(header, ",") != "rank,similarity,title,abstract" || len(rows) != 1 || strings.Join(rows[0], ",") != "1,1.0000,North,Up the map." {
		t.Errorf("%q %q", header, rows)
	}
}

func TestVectorsAndPapersThatDoNotMatchAreRefused(t *testing.T) {
	if _, err := search.NewIndex(t.Context(), search.Model{Name: "m", Hash: "0a"}, []float32{1, 2, 3}, papers[:2]); err == nil || !strings.Contains(err.Error(), "2 papers, 3 components") {
		t.Errorf("%v", err)
	}
	if _, err := search.NewIndex(t.Context(), search.Model{Name: "m", Hash: "0a"}, nil, nil); err == nil {
		t.Error("an index of nothing was made")
	}
	if _, err := search.Best([]float32{1, 2}, []float32{1, 2}, papers, 1); err == nil || !strings.Contains(err.Error(), "3 papers") {
		t.Errorf("%v", err)
	}
	index, err := search.NewIndex(t.Context(), search.Model{Name: "compass", Hash: "0a"}, vectors(), papers)
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	if _, err := index.Search(t.Context(), []float32{1, 2, 3}, 1); err == nil || !strings.Contains(err.Error(), "compass") {
		t.Errorf("%v", err)
	}
	if _, err := search.Read(filepath.Join(t.TempDir(), "gone.faiss")); err == nil || !strings.Contains(err.Error(), "gone.faiss") {
		t.Errorf("%v", err)
	}
}
