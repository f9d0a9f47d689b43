package frame_test

import (
	"strings"
	"testing"

	"paperlab/lib/corpus"
	"paperlab/lib/corpus/frame"
)

func TestRowsBecomePapers(t *testing.T) {
	f, err := frame.Read(t.Context(), strings.NewReader(`{"id":"1","title":"A","abstract":"a","categories":"cs.CL","year":7}`), 0)
	if err != nil {
		t.Fatal(err)
	}
	papers, err := f.Papers()
	want := corpus.Paper{ID: "1", Title: "A", Abstract: "a", Categories: "cs.CL"}
	if err != nil || len(papers) != 1 || papers[0].ID != want.ID || papers[0].Title != want.Title || papers[0].Categories != want.Categories {
		t.Errorf("%+v, %v", papers, err)
	}
	chosen, err := f.Select("title", "abstract", "categories")
	if err != nil {
		t.Fatal(err)
	}
	if papers, err := chosen.Papers(); err != nil || papers[0].ID != "" || papers[0].Abstract != "a" {
		t.Errorf("%+v, %v", papers, err)
	}
	untitled, err := f.Select("abstract", "categories")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := untitled.Papers(); err == nil || !strings.Contains(err.Error(), `no column "title"`) {
		t.Errorf("%v", err)
	}
}
