package corpus_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"paperlab/lib/corpus"
)

func numbered(n int) []corpus.Paper {
	papers := make([]corpus.Paper, n)
	for i := range papers {
		papers[i] = corpus.Paper{ID: strconv.Itoa(i)}
	}
	return papers
}

func ids(papers []corpus.Paper) []string {
	var all []string
	for _, p := range papers {
		all = append(all, p.ID)
	}
	return all
}

func TestDivideSizes(t *testing.T) {
	study := corpus.Sizes{Train: 2000, Validation: 500, Test: 500}
	tests := []struct {
		papers      int
		sizes, want corpus.Sizes
	}{
		{5000, study, study},
		{3000, study, study},
		{432, study, corpus.Sizes{Train: 288, Validation: 72, Test: 72}},
		{10, corpus.Sizes{Train: 80, Validation: 10, Test: 10}, corpus.Sizes{Train: 8, Validation: 1, Test: 1}},
		{10, corpus.Sizes{Train: 1, Validation: 1000, Test: 1000}, corpus.Sizes{Train: 1, Validation: 5, Test: 4}},
		{100, corpus.Sizes{Train: 90, Validation: 30}, corpus.Sizes{Train: 75, Validation: 25}},
		{3, study, corpus.Sizes{Train: 1, Validation: 1, Test: 1}},
		{1, study, corpus.Sizes{Train: 1}},
		{0, study, corpus.Sizes{}},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%d papers as %v", test.papers, test.sizes), func(t *testing.T) {
			s, err := corpus.Divide(numbered(test.papers), test.sizes, 42)
			if err != nil {
				t.Fatal(err)
			}
			got := corpus.Sizes{Train: len(s.Train), Validation: len(s.Validation), Test: len(s.Test)}
			if got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
			all := slices.Concat(ids(s.Train), ids(s.Validation), ids(s.Test))
			slices.Sort(all)
			if n := len(slices.Compact(slices.Clone(all))); n != len(all) {
				t.Errorf("%d of %d papers are in two parts", len(all)-n, len(all))
			}
		})
	}
}

func TestDivideFollowsItsSeed(t *testing.T) {
	papers := numbered(100)
	sizes := corpus.Sizes{Train: 50, Validation: 25, Test: 25}
	divide := func(seed uint64) []string {
		s, err := corpus.Divide(papers, sizes, seed)
		if err != nil {
			t.Fatal(err)
		}
		return ids(s.Train)
	}
	if first := divide(42); !slices.Equal(first, divide(42)) {
		t.Error("the same seed gives two splits")
	} else if slices.Equal(first, divide(43)) {
		t.Error("two seeds give the same split")
	}
	if !slices.Equal(ids(papers), ids(numbered(100))) {
		t.Error("Divide reordered its argument")
	}
}

func TestSizesThatMakeNoSense(t *testing.T) {
	for _, sizes := range []corpus.Sizes{{}, {Train: -1, Test: 5}} {
		if _, err := corpus.Divide(numbered(10), sizes, 42); err == nil {
			t.Errorf("%v gave no error", sizes)
		}
		if _, err := corpus.Load(t.Context(), t.TempDir(), sizes, 42, nil); err == nil {
			t.Errorf("%v gave no error", sizes)
		}
	}
}

// write makes a file of JSON lines with n papers whose ids are NAME-0, NAME-1, ...
func write(t *testing.T, path, name string, n int) {
	t.Helper()
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"article_id":"%s-%d","article":"a","abstract":"b"}`+"\n", name, i)
	}
	data := []byte(b.String())
	if filepath.Ext(path) == ".gz" {
		data = zipped(t, data)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestLoadTakesTheFirstOfEachFileOfAFolder(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "train.txt"), "train", 5)
	write(t, filepath.Join(folder, "val.jsonl.gz"), "val", 5)
	write(t, filepath.Join(folder, "test.json"), "test", 1)
	s, err := corpus.Load(t.Context(), folder, corpus.Sizes{Train: 3, Validation: 2, Test: 2}, 42, nil)
	if err != nil {
		t.Fatal(err)
	}
	checkEqual(t, ids(s.Train), []string{"train-0", "train-1", "train-2"})
	checkEqual(t, ids(s.Validation), []string{"val-0", "val-1"})
	checkEqual(t, ids(s.Test), []string{"test-0"})
}

func TestLoadOfAFolderWithoutAPart(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "train.jsonl"), "train", 5)
	_, err := corpus.Load(t.Context(), folder, corpus.Sizes{Train: 3, Validation: 2}, 42, nil)
	if err == nil || !strings.Contains(err.Error(), "holds no validation, valid, val, dev file") {
		t.Errorf("got %v", err)
	}
	if _, err := corpus.Load(t.Context(), folder, corpus.Sizes{Train: 3}, 42, nil); err != nil {
		t.Errorf("a part that is not wanted: %v", err)
	}
	write(t, filepath.Join(folder, "train.jsonl.gz"), "train", 5)
	_, err = corpus.Load(t.Context(), folder, corpus.Sizes{Train: 3}, 42, nil)
	if err == nil || !strings.Contains(err.Error(), "more than one file") {
		t.Errorf("got %v", err)
	}
}

func TestLoadDividesTheFirstOfASingleFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "papers.jsonl")
	write(t, path, "p", 20)
	s, err := corpus.Load(t.Context(), path, corpus.Sizes{Train: 6, Validation: 2, Test: 2}, 42, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := slices.Sorted(slices.Values(slices.Concat(ids(s.Train), ids(s.Validation), ids(s.Test))))
	var want []string
	for i := range 10 {
		want = append(want, fmt.Sprintf("p-%d", i))
	}
	checkEqual(t, all, want)
}

func TestLoadLeavesMalformedLinesToItsCaller(t *testing.T) {
	path := filepath.Join(t.TempDir(), "papers.jsonl")
	write(t, path, "p", 2)
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString("bad\n")
	f.Close()
	if _, err := corpus.Load(t.Context(), path, corpus.Sizes{Train: 5}, 42, nil); err == nil {
		t.Error("without skip a malformed line gave no error")
	}
	var skipped []int
	s, err := corpus.Load(t.Context(), path, corpus.Sizes{Train: 5}, 42, func(e *corpus.LineError) { skipped = append(skipped, e.Line) })
	if err != nil || len(s.Train) != 2 || !slices.Equal(skipped, []int{3}) {
		t.Errorf("got %d papers, skipped %v, error %v", len(s.Train), skipped, err)
	}
}

func TestASplitIsATableOfItsParts(t *testing.T) {
	split := corpus.Split{Train: []corpus.Paper{{ID: "1", Article: "a", Abstract: "b", Sections: []string{"Introduction"}}, {}}}
	header, rows := split.Table()
	if strings.Join(header, "|") != "split|papers|fields" || len(rows) != 3 ||
		strings.Join(rows[0], "|") != "train|2|article_id, article, abstract, section_names" || strings.Join(rows[2], "|") != "test|0|" {
		t.Errorf("%q %q", header, rows)
	}
}
