package search_test

import (
	"os"
	"path/filepath"
	"testing"

	"paperlab/lib/corpus"
	"paperlab/lib/search"
)

// writtenIndex writes an index of papers to a file.
func writtenIndex(t *testing.T, path string, papers []corpus.Paper) {
	t.Helper()
	index, err := search.NewIndex(t.Context(), search.Model{Name: "circle"}, circle(len(papers)), papers)
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	if err := index.Write(path); err != nil {
		t.Fatal(err)
	}
}

// firstByWords reads an index anew and returns the title that words bring first.
func firstByWords(t *testing.T, path, words string) string {
	t.Helper()
	index, err := search.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	hits, err := index.Find(t.Context(), search.Query{Words: words, K: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(hits) == 0 {
		return ""
	}
	return hits[0].Title
}

func TestTheWordsOfAnIndexAreKeptBesideIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "with space?.faiss")
	papers := []corpus.Paper{{ID: "1", Title: "Northern lights"}, {ID: "2", Title: "Eastern winds"}, {ID: "3", Title: "Southern seas"}}
	writtenIndex(t, path, papers)
	ask := func(words, want string) os.FileInfo {
		t.Helper()
		if got := firstByWords(t, path, words); got != want {
			t.Errorf("%q brings %q, want %q", words, got, want)
		}
		info, err := os.Stat(path + ".words")
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	made := ask("winds", "Eastern winds")
	if again := ask("seas", "Southern seas"); !os.SameFile(made, again) {
		t.Error("the file was made again")
	}
	papers[1].Title = "Western winds"
	writtenIndex(t, path, papers)
	other := ask("western", "Western winds")
	if os.SameFile(made, other) {
		t.Error("the words of other papers were taken")
	}
	if err := os.WriteFile(path+".words", []byte("rubble"), 0o644); err != nil {
		t.Fatal(err)
	}
	ask("western", "Western winds")
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if err != nil || len(left) != 3 {
		t.Errorf("%v are there (%v)", left, err)
	}
}

func TestWordsAreFoundWhereTheyCannotBeKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "papers.faiss")
	writtenIndex(t, path, []corpus.Paper{{ID: "1", Title: "Northern lights"}, {ID: "2", Title: "Eastern winds"}, {ID: "3", Title: "Southern seas"}})
	if err := os.Mkdir(path+".words", 0o755); err != nil { // in their place
		t.Fatal(err)
	}
	if got := firstByWords(t, path, "winds"); got != "Eastern winds" {
		t.Errorf("%q", got)
	}
}

func TestPapersThatAreAddedAreFoundByTheirWords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "papers.faiss")
	writtenIndex(t, path, []corpus.Paper{{ID: "1", Title: "Northern lights"}, {ID: "2", Title: "Eastern winds"}, {ID: "3", Title: "Southern seas"}})
	firstByWords(t, path, "winds")
	index, err := search.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	if err := index.Add(t.Context(), []float32{1, 0}, []corpus.Paper{{ID: "4", Title: "Western mountains"}}); err != nil {
		t.Fatal(err)
	}
	if hits, err := index.Find(t.Context(), search.Query{Words: "mountains", K: 1}); len(hits) != 1 || err != nil {
		t.Errorf("%v, %v", hits, err)
	}
}
