package corpus_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/corpus"
)

// dataFolder returns the folder of real data sets, without which its test is skipped.
func dataFolder(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("PAPERLAB_DATA")
	if folder == "" {
		t.Skip("SKIPPED: needs real data: set PAPERLAB_DATA to the folder that holds arxiv-kaggle-2007, scisummnet, ...")
	}
	return folder
}

func TestRealFilesAreReadWhole(t *testing.T) {
	folder := dataFolder(t)
	const arxiv, articles = "title abstract", "article"
	tests := []struct {
		file   string
		papers int
		filled string // fields that every paper has
	}{
		{"arxiv-kaggle-2007/arxiv-metadata-0704.jsonl", 1492, arxiv + " id categories authors"},
		{"arxiv-kaggle-2007/raw-snapshot-lines.json", 151, arxiv + " id categories authors"},
		{"arxiv-kaggle-csai/arxiv-metadata-cs-ai.jsonl", 72, arxiv + " id categories authors"},
		{"arxiv-kaggle-sample-2007-2008/arxiv-sample.jsonl", 1482, arxiv + " id categories authors"},
		{"arxiv-recent/ai-sj-2021.jsonl", 75, arxiv + " id categories authors"},
		{"arxiv-recent/lthei-2026.jsonl", 371, arxiv + " id categories authors"},
		{"arxiv-recent/pbbdydx-multicat.jsonl", 149, arxiv + " id categories authors"},
		{"arxiv-recent/seymurhh-2025.jsonl", 389, arxiv + " id categories"},
		{"arxiv-titles-abstracts/amiryunus-8-subjects.jsonl", 1020, arxiv + " authors"},
		{"arxiv-titles-abstracts/tiagoft-cs-ml.jsonl", 768, arxiv + " categories"},
		{"arxiv-titles-abstracts/yann21-10-categories.jsonl", 742, arxiv + " categories"},
		{"unarxive-sample/arxiv-metadata.jsonl", 35, arxiv + " id categories authors"},
		{"unarxive-sample/unarxive-2212.jsonl.gz", 33, articles + " abstract title id categories authors sections"},
		{"scientific-papers-fixtures/arxiv-led-articles.jsonl", 2, articles + " id"},
		{"scientific-papers-fixtures/pubmed-PMC88811.json", 1, articles + " abstract id sections"},
		{"scientific-papers-fixtures/hf-dummy-arxiv/train.txt", 1, articles + " abstract id sections"},
		{"scisummnet/scisummnet.jsonl.gz", 432, articles + " abstract title id sections"},
		{"cranfield/corpus.jsonl", 1400, "id"},
		{"cacm/corpus.jsonl", 3204, "id title"},
		{"scifact-subset/corpus.jsonl.gz", 2101, "id abstract"},
		{"scitldr/train.jsonl", 1487, articles + " abstract title id"},
		{"scitldr/dev.jsonl", 463, articles + " abstract title id"},
		{"scitldr/test.jsonl", 481, articles + " abstract title id"},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			papers, err := corpus.Collect(corpus.Open(t.Context(), filepath.Join(folder, test.file)))
			if err != nil {
				t.Fatal(err)
			}
			if len(papers) != test.papers {
				t.Errorf("%d papers, want %d", len(papers), test.papers)
			}
			for _, p := range papers {
				checkText(t, p)
				if strings.Contains(p.Abstract, "<S>") || strings.Contains(p.Abstract, "</S>") {
					t.Errorf("%s: sentence marks are left in %q", p.ID, p.Abstract)
				}
				has := map[string]bool{"id": p.ID != "", "title": p.Title != "", "abstract": p.Abstract != "",
					"article": p.Article != "", "categories": p.Categories != "", "authors": p.Authors != "",
					"sections": len(p.Sections) > 0}
				for _, field := range strings.Fields(test.filled) {
					if !has[field] {
						t.Errorf("%q: no %s", p.ID+" "+p.Title, field)
					}
				}
			}
		})
	}
}

func TestRealFoldersAreSplit(t *testing.T) {
	folder := dataFolder(t)
	sizes := corpus.Sizes{Train: 2000, Validation: 400, Test: 400}
	for path, want := range map[string]corpus.Sizes{
		"scitldr": {Train: 1487, Validation: 400, Test: 400},
		"scientific-papers-fixtures/hf-dummy-arxiv": {Train: 1, Validation: 1, Test: 1},
		"scisummnet/scisummnet.jsonl.gz":            {Train: 308, Validation: 62, Test: 62},
	} {
		s, err := corpus.Load(t.Context(), filepath.Join(folder, path), sizes, 42, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := corpus.Sizes{Train: len(s.Train), Validation: len(s.Validation), Test: len(s.Test)}
		if got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}

func TestTruncatedSnapshotIsAPrefix(t *testing.T) {
	src := filepath.Join(dataFolder(t), "arxiv-kaggle-2007", "raw-snapshot-lines.json")
	dst := filepath.Join(t.TempDir(), "truncated_arxiv.json")
	if n, err := corpus.Truncate(t.Context(), src, dst, 100); err != nil || n != 100 {
		t.Fatal(n, err)
	}
	want, err := corpus.Collect(corpus.Limit(corpus.Open(t.Context(), src), 100))
	if err != nil {
		t.Fatal(err)
	}
	got, err := corpus.Collect(corpus.Open(t.Context(), dst))
	if err != nil {
		t.Fatal(err)
	}
	checkEqual(t, got, want)
}
