package dataset_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/corpus"
	"paperlab/lib/corpus/dataset"
)

// file writes papers into a folder of the test.
func file(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "papers.jsonl")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	first  = `{"article":"One. Two. Three.","abstract":"One."}`
	second = `{"article":"Four. Five.","abstract":"Four."}`
)

func TestTheFirstPapersOfAFile(t *testing.T) {
	path := file(t, first, second)
	for n, want := range map[int]int{0: 2, 1: 1, 5: 2} {
		papers, err := dataset.Papers(context.Background(), path, n, nil)
		if err != nil || len(papers) != want || papers[0].Abstract != "One." {
			t.Errorf("%d asked for: %v, %v", n, papers, err)
		}
	}
}

func TestAMalformedLineIsSkippedOnlyWhereSomebodyIsTold(t *testing.T) {
	path := file(t, first, "rubbish", second)
	if _, err := dataset.Papers(context.Background(), path, 0, nil); err == nil || !strings.Contains(err.Error(), ":2: malformed") {
		t.Errorf("%v", err)
	}
	var skipped []int
	papers, err := dataset.Papers(context.Background(), path, 0, func(e *corpus.LineError) { skipped = append(skipped, e.Line) })
	if err != nil || len(papers) != 2 || len(skipped) != 1 || skipped[0] != 2 {
		t.Errorf("%d papers, skipped %v, %v", len(papers), skipped, err)
	}
}

func TestNoPapersAreAnError(t *testing.T) {
	if _, err := dataset.Papers(context.Background(), file(t, ""), 0, nil); err == nil || !strings.Contains(err.Error(), "papers.jsonl holds no papers") {
		t.Errorf("%v", err)
	}
}

func TestTheEmbeddedDefaultIsReadAndDivided(t *testing.T) {
	ctx := context.Background()
	papers, err := dataset.Papers(ctx, dataset.Godoc, 3, nil)
	if err != nil || len(papers) != 3 || papers[0].Categories != "archive" {
		t.Errorf("%v, %v", papers, err)
	}
	sizes := corpus.Sizes{Train: 20, Validation: 5, Test: 5}
	split, err := dataset.Split(ctx, dataset.Godoc, sizes, 42, nil)
	if err != nil || len(split.Train) != 20 || len(split.Validation) != 5 || len(split.Test) != 5 {
		t.Errorf("%d, %d, %d, %v", len(split.Train), len(split.Validation), len(split.Test), err)
	}
	again, err := dataset.Split(ctx, dataset.Godoc, sizes, 42, nil)
	if err != nil || again.Train[0].ID != split.Train[0].ID {
		t.Errorf("the same seed drew %q, then %q", split.Train[0].ID, again.Train[0].ID)
	}
}

func TestADataSetOfTheHubIsReadWhereItWasFetched(t *testing.T) {
	const commit = "0123456789abcdef0123456789abcdef01234567"
	cache := t.TempDir()
	t.Setenv("HF_HUB_CACHE", cache)
	t.Chdir(t.TempDir())
	for path, content := range map[string]string{
		"datasets--a--b/refs/main":                                             commit,
		"datasets--a--b/snapshots/" + commit + "/x/train.jsonl":                first,
		"datasets--a--b/snapshots/" + commit + "/x/test.jsonl":                 second,
		"datasets--armanc--scientific_papers/refs/refs/convert/parquet":        commit,
		"datasets--armanc--scientific_papers/snapshots/" + commit + "/arxiv":   first,
		"datasets--armanc--scientific_papers/snapshots/" + commit + "/unasked": "",
	} {
		path = filepath.Join(cache, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	split, err := dataset.Split(t.Context(), "hf://datasets/a/b/x", corpus.Sizes{Train: 1, Test: 1}, 42, nil)
	if err != nil || split.Train[0].Abstract != "One." || split.Test[0].Abstract != "Four." {
		t.Errorf("%+v, %v", split, err)
	}
	for name, want := range map[string]string{"hf://datasets/a/b/x/test.jsonl": "Four.", "scientific_papers/arxiv": "One."} {
		papers, err := dataset.Papers(t.Context(), name, 0, nil)
		if err != nil || len(papers) != 1 || papers[0].Abstract != want {
			t.Errorf("%s: %v, %v", name, papers, err)
		}
	}
	for _, name := range []string{"hf://datasets/a/c/train.jsonl", "scientific_papers/pubmed"} {
		if _, err := dataset.Papers(t.Context(), name, 0, nil); err == nil || !strings.Contains(err.Error(), "`paperlab fetch "+name+"`") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAFolderOfDataSetsMayBeNamedAsWellAsOneOfThem(t *testing.T) {
	path := file(t, first)
	folder, name := filepath.Split(path)
	for given, want := range map[string]string{
		path:              path,
		folder:            path,
		dataset.Godoc:     dataset.Godoc,
		t.TempDir() + "/": "",
	} {
		if want == "" {
			want = given
		}
		if got := dataset.Under(given, "absent.jsonl", name); got != want {
			t.Errorf("%s: %s, want %s", given, got, want)
		}
	}
}

func TestTheFirstRecordsBecomeAFileThatIsReadAgain(t *testing.T) {
	dst := filepath.Join(t.TempDir(), "new", "truncated.json")
	if n, err := dataset.Truncate(context.Background(), dataset.Godoc, dst, 7); n != 7 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	papers, err := dataset.Papers(context.Background(), dst, 0, nil)
	want, errGodoc := dataset.Papers(context.Background(), dataset.Godoc, 7, nil)
	if err != nil || errGodoc != nil || len(papers) != 7 {
		t.Fatalf("%d papers, %v, %v", len(papers), err, errGodoc)
	}
	for i, p := range papers {
		if p.ID != want[i].ID || p.Title != want[i].Title || p.Abstract != want[i].Abstract || p.Categories != want[i].Categories {
			t.Errorf("%+v, want %+v", p, want[i])
		}
	}
	if n, err := dataset.Truncate(context.Background(), file(t, first, second), dst, 1); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}
