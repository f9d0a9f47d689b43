package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// snapshot writes a file of so many papers, two of them without an abstract, and returns its path.
func snapshot(t *testing.T, papers int) string {
	t.Helper()
	var lines strings.Builder
	for i := range papers {
		abstract := fmt.Sprintf(`"We  show\n$%d$."`, i)
		if i < 2 {
			abstract = "null"
		}
		fmt.Fprintf(&lines, `{"id":"%d","title":"Paper %d","abstract":%s,"categories":"%s"}`+"\n", i, i, abstract, []string{"hep-ph", "cs.CL cs.AI"}[i%2])
	}
	return write(t, t.TempDir(), "snapshot.json", lines.String())
}

func TestASnapshotIsTruncated(t *testing.T) {
	src, dst := snapshot(t, 30), filepath.Join(t.TempDir(), "new", "truncated.json")
	got := run(t.Context(), nil, "papers", "truncate", src, dst, "--limit", "20")
	if got.exit != 0 || got.out != dst+": 20 records\n" {
		t.Errorf("%+v", got)
	}
	if content, err := os.ReadFile(dst); err != nil || strings.Count(string(content), "\n") != 20 {
		t.Errorf("%q, %v", content, err)
	}
	run(t.Context(), nil, "papers", "truncate", filepath.Join(t.TempDir(), "none"), dst).wantError(t, 1, "none")
	run(t.Context(), nil, "papers", "truncate", src, dst, "--limit", "0").wantError(t, 2, "--limit", "at least 1")
	run(t.Context(), nil, "papers", "truncate", src).wantError(t, 2)
}

func TestWhatAFileHoldsIsShown(t *testing.T) {
	src := snapshot(t, 30)
	got := run(t.Context(), nil, "papers", "show", src, "--head", "3")
	for _, part := range []string{"30 records\n", "Paper 2", "abstract", "28", "string"} {
		if !strings.Contains(got.out, part) {
			t.Errorf("%q is not in %+v", part, got)
		}
	}
	if strings.Contains(got.out, "Paper 3 ") {
		t.Errorf("more than three records: %s", got.out)
	}
	got = run(t.Context(), nil, "papers", "show", src, "--columns", "title,abstract", "--drop-empty", "--limit", "10")
	if !strings.HasPrefix(got.out, "8 records\n") || strings.Contains(got.out, "categories") {
		t.Errorf("%+v", got)
	}
	if got = run(t.Context(), nil, "papers", "show", src, "--unique", "categories"); got.out != "hep-ph\ncs.CL cs.AI\n" {
		t.Errorf("%+v", got)
	}
	run(t.Context(), nil, "papers", "show", src, "--unique", "year").wantError(t, 2, "year")
	run(t.Context(), nil, "papers", "show", src, "--columns", "year").wantError(t, 2, "year")
}

func TestPairsAreShownAsTheStudyShowsThem(t *testing.T) {
	src := snapshot(t, 30)
	got := run(t.Context(), nil, "papers", "pairs", "--data", src, "--show", "2")
	if got.exit != 0 || !strings.HasPrefix(got.out, "**Pair 1**\n**Text 1:** Paper ") || strings.Count(got.out, strings.Repeat("=", 100)+"\n") != 2 || !strings.HasSuffix(got.out, "\n26 pairs\n") {
		t.Errorf("%+v", got)
	}
	got = run(t.Context(), nil, "papers", "pairs", "--data", src, "--pairs", "title", "--json")
	lines := strings.Split(strings.TrimSpace(got.out), "\n")
	var first struct{ Text1, Text2 string }
	if err := json.Unmarshal([]byte(lines[0]), &first); err != nil || len(lines) != 28 || first.Text1 != "Paper 2" || first.Text2 != "We show  2 ." {
		t.Errorf("%d lines, %+v, %v", len(lines), first, err)
	}
	run(t.Context(), nil, "papers", "pairs", "--data", src, "--pairs", "neighbours").wantError(t, 2, "--pairs neighbours: one of study, title, category is needed")
	run(t.Context(), nil, "papers", "pairs", "--data", "nowhere.jsonl").wantError(t, 1, "nowhere.jsonl")
}
