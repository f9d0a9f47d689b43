package corpus_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"paperlab/lib/corpus"
	"paperlab/peers"
)

// put writes a file of the test and returns its path.
func put(tb testing.TB, name string, content []byte) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		tb.Fatal(err)
	}
	return path
}

// opened reads a file whole, malformed records apart.
func opened(tb testing.TB, path string) (papers []corpus.Paper, malformed []*corpus.LineError, err error) {
	tb.Helper()
	for p, errRead := range corpus.Open(context.Background(), path) {
		var bad *corpus.LineError
		switch {
		case errors.As(errRead, &bad):
			malformed = append(malformed, bad)
		case errRead != nil:
			return papers, malformed, errRead
		default:
			papers = append(papers, p)
		}
	}
	return papers, malformed, nil
}

func TestTablesAreReadByTheNamesInTheirFirstRow(t *testing.T) {
	want := []corpus.Paper{
		{ID: "a1", Title: "On light, bent", Article: "Light bends.\nIt does.", Abstract: `It "bends".`},
		{ID: "a2", Title: "Stars", Article: "Stars shine.", Abstract: "They shine."},
	}
	const commas = "article_id,title,article,abstract\na1,\"On light, bent\",\"Light bends.\nIt does.\",\"It \"\"bends\"\".\"\na2,Stars,Stars shine.,They shine.\n"
	const tabs = "article_id\ttitle\tarticle\tabstract\na1\tOn light, bent\t\"Light bends.\nIt does.\"\t\"It \"\"bends\"\".\"\na2\tStars\tStars shine.\tThey shine.\n"
	for name, content := range map[string]string{"papers.csv": commas, "papers.TSV": tabs, "bom.csv": "\xef\xbb\xbf" + commas} {
		papers, malformed, err := opened(t, put(t, name, []byte(content)))
		if err != nil || len(malformed) > 0 || len(papers) != 2 {
			t.Errorf("%s: %+v, %v, %v", name, papers, malformed, err)
			continue
		}
		for i := range want {
			if got := papers[i]; got.ID != want[i].ID || got.Title != want[i].Title || got.Article != want[i].Article || got.Abstract != want[i].Abstract {
				t.Errorf("%s: %+v, want %+v", name, got, want[i])
			}
		}
	}
}

func TestRowsOfATableThatAreMalformedAreNamed(t *testing.T) {
	papers, malformed, err := opened(t, put(t, "papers.csv", []byte("title,abstract\nA,a\nB\nC,\"c\" c\nD,d\n")))
	if err != nil || len(papers) != 2 || len(malformed) != 2 || malformed[0].Line != 3 || malformed[1].Line != 4 {
		t.Errorf("%+v, %v, %v", papers, malformed, err)
	}
	for content, says := range map[string]string{"name,age\nA,3\n": "unknown layout", "": "", "title,abstract\n": ""} {
		papers, malformed, err := opened(t, put(t, "papers.csv", []byte(content)))
		if says != "" && (len(malformed) != 1 || !strings.Contains(malformed[0].Error(), says)) || err != nil || len(papers) > 0 {
			t.Errorf("%q: %v, %v, %v", content, papers, malformed, err)
		}
	}
}

func TestATableWithTwoColumnsOfOneNameIsRefused(t *testing.T) {
	papers, _, err := opened(t, put(t, "papers.csv", []byte("article, abstract,article\na,b,c\n")))
	if err == nil || !strings.Contains(err.Error(), `papers.csv: two columns are named "article"`) {
		t.Errorf("%+v, %v", papers, err)
	}
	if papers, _, err := opened(t, put(t, "papers.csv", []byte(",article,abstract,\n0,a,b,x\n"))); err != nil || len(papers) != 1 {
		t.Errorf("columns without a name: %+v, %v", papers, err)
	}
}

// hubRow is a row as the hub converts scientific_papers.
type hubRow struct {
	Article  string   `parquet:"article"`
	Abstract string   `parquet:"abstract"`
	Sections string   `parquet:"section_names"`
	Authors  []string `parquet:"authors,list"`
}

func parquetFile(tb testing.TB, rows ...hubRow) []byte {
	tb.Helper()
	var out bytes.Buffer
	w := parquet.NewGenericWriter[hubRow](&out)
	if _, err := w.Write(rows); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func TestParquetWithoutRowsHasNoPapers(t *testing.T) {
	if papers, malformed, err := opened(t, put(t, "none.parquet", parquetFile(t))); err != nil || len(papers)+len(malformed) > 0 {
		t.Errorf("%+v, %v, %v", papers, malformed, err)
	}
}

func TestParquetIsReadAsTheHubWritesIt(t *testing.T) {
	data := parquetFile(t, hubRow{"light bends @xcite .", " it bends . ", "one\ntwo", []string{"A", "B"}}, hubRow{"stars", "shine", "", nil})
	papers, malformed, err := opened(t, put(t, "0000.parquet", data))
	if err != nil || len(malformed) > 0 || len(papers) != 2 {
		t.Fatalf("%+v, %v, %v", papers, malformed, err)
	}
	p := papers[0]
	if p.Article != "light bends @xcite ." || p.Abstract != " it bends . " || !slices.Equal(p.Sections, []string{"one", "two"}) || p.Authors != "A, B" {
		t.Errorf("%+v", p)
	}
	for name, spoil := range map[string]func([]byte) []byte{
		"cut":              func(b []byte) []byte { return b[:len(b)/2] },
		"its end changed":  func(b []byte) []byte { b = slices.Clone(b); copy(b[len(b)-30:], "nonsense"); return b },
		"its pages zeroed": func(b []byte) []byte { b = slices.Clone(b); clear(b[4:60]); return b },
	} {
		if papers, _, err := opened(t, put(t, "bad.parquet", spoil(data))); err == nil && len(papers) == 2 && papers[0].Article == p.Article {
			t.Errorf("%s: read as if nothing had happened", name)
		} else if err != nil && !strings.Contains(err.Error(), "bad.parquet") {
			t.Errorf("%s: %v does not name the file", name, err)
		}
	}
}

func TestParquetOfPyArrowIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "papers.parquet")
	script := `import sys, pyarrow, pyarrow.parquet as pq
pq.write_table(pyarrow.table({"article_id": ["x", "y"], "article_text": [["one .", "two ."], ["three ."]], "abstract_text": [["<S> a . </S>"], []],
    "labels": pyarrow.nulls(2)}), sys.argv[1])`
	peers.Output(t, peers.Command(t, peers.Tracker, "-c", script, path))
	papers, malformed, err := opened(t, path)
	if err != nil || len(malformed) > 0 || len(papers) != 2 || papers[0].Article != "one .\ntwo ." || papers[0].Abstract != " a . " || papers[1].ID != "y" {
		t.Errorf("%+v, %v, %v", papers, malformed, err)
	}
}

func TestUnarXiveIsReadAsScientificPapersWritesIt(t *testing.T) {
	const record = `{"paper_id":"2212.1","metadata":{"title":"T","authors":"A and B","categories":"math.PR","abstract":"no {{formula:f9}}"},` +
		`"abstract":{"section":"Abstract","text":"with {{formula:f1}}"},"body_text":[{"section":"Introduction","text":"Let {{formula:f2}} be {{formula:f1}} {{cite:c}}."},` +
		`{"section":"Introduction","text":"See {{figure:x}}."},{"section":"Proof","text":"{{formula:f2}}"}],"bib_entries":{}}`
	papers, malformed, err := opened(t, put(t, "unarxive.jsonl", []byte(record+"\n"+`{"metadata":{},"body_text":[]}`+"\n")))
	if err != nil || len(papers) != 1 || len(malformed) != 1 {
		t.Fatalf("%+v, %v, %v", papers, malformed, err)
	}
	p := papers[0]
	if p.Article != "Let @xmath1 be @xmath0 @xcite.\nSee [figure].\n@xmath1" || p.Abstract != "with @xmath0" || p.Title != "T" || p.Categories != "math.PR" ||
		!slices.Equal(p.Sections, []string{"Introduction", "Proof"}) {
		t.Errorf("%+v", p)
	}
}

func TestAFolderMayHoldPartsInPieces(t *testing.T) {
	piece := func(articles ...string) []byte {
		var rows []hubRow
		for _, a := range articles {
			rows = append(rows, hubRow{Article: a, Abstract: "s"})
		}
		return parquetFile(t, rows...)
	}
	for name, files := range map[string]map[string][]byte{
		"numbered pieces": {"train-00000-of-00002.parquet": piece("one", "two"), "train-00001-of-00002.parquet": piece("three")},
		"folders in part": {"partial-train/0000.parquet": piece("one"), "partial-train/0001.parquet": piece("two", "three")},
		"folders":         {"train/0000.parquet": piece("one"), "train/0001.parquet": piece("two", "three")},
		"one of CSV":      {"train.csv": []byte("article,abstract\none,s\ntwo,s\nthree,s\n")},
	} {
		folder := filepath.Join(t.TempDir(), "a [folder]*")
		for file, content := range files {
			path := filepath.Join(folder, file)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, content, 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		split, err := corpus.Load(t.Context(), folder, corpus.Sizes{Train: 5}, 1, nil)
		var articles []string
		for _, p := range split.Train {
			articles = append(articles, p.Article)
		}
		if err != nil || strings.Join(articles, " ") != "one two three" {
			t.Errorf("%s: %q, %v", name, articles, err)
		}
	}
}

func TestWhatLatexLeftIsTakenOut(t *testing.T) {
	for text, want := range map[string]string{
		"the gigaz option ( ilc)@xcite . on top of @xmath1 boson": "the gigaz option ( ilc) . on top of boson",
		"at the @xmath1-pole , as @xcite , @xcite say":            "at the pole , as say",
		"the @xmath1 -pole of @xmath2 -\u03bc, @xmath3 - 1":       "the pole of \u03bc, - 1",
		"see ( @xcite ) and [@xcite, @xcite] .":                   "see and .",
		"one .\n@xmath0\ntwo [figure] .":                          "one .\n\ntwo .",
		"f(x) and (a) stay , an @ too":                            "f(x) and (a) stay , an @ too",
		"":                                                        "",
	} {
		if got := corpus.CleanLatex(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		} else if again := corpus.CleanLatex(got); again != got {
			t.Errorf("%q, cleaned again, became %q", got, again)
		}
	}
	papers, err := corpus.Collect(corpus.Cleaned(corpus.Open(t.Context(), put(t, "p.csv", []byte("article,abstract\na @xcite,b @xmath0\n")))))
	if err != nil || len(papers) != 1 || papers[0].Article != "a" || papers[0].Abstract != "b" {
		t.Errorf("%+v, %v", papers, err)
	}
}

func FuzzOpenParquet(f *testing.F) {
	f.Add(parquetFile(f, hubRow{Article: "light", Abstract: "bends"}))
	f.Add([]byte("PAR1PAR1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		// Whatever it holds, it is read or refused.
		_, _, _ = opened(t, put(t, "x.parquet", append([]byte("PAR1"), data...)))
	})
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte("title,abstract\na,b\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for p, err := range corpus.Read(t.Context(), bytes.NewReader(data), "x.csv") {
			if err == nil && !strings.Contains(string(data), "\n") {
				t.Errorf("a paper %+v of a table without rows", p)
			}
		}
	})
}
