package main_test

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/hub"
)

func TestAnEvaluationOfTheSearchIsARunWithItsPlots(t *testing.T) {
	if _, err := hub.Default().Resolve("all-MiniLM-L6-v2"); err != nil {
		t.Skipf("SKIPPED: no MiniLM here, make setup brings it: %v", err)
	}
	dir := t.TempDir()
	var papers strings.Builder
	for i, subject := range []string{"light", "stars", "gas"} {
		fmt.Fprintf(&papers, `{"id":"%d","title":"On %s","abstract":"We measure %s.","categories":"astro-ph"}`+"\n", i, subject, subject)
	}
	if err := os.WriteFile(filepath.Join(dir, "papers.jsonl"), []byte(papers.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "eval", "search", "--model", "all-MiniLM-L6-v2", "--data", "papers.jsonl", "--record", "held-out", "--plots", "plots")
	all := recorded(t, dir)
	if len(all) != 1 || all[0].Name != "held-out" || all[0].Status != "finished" || all[0].Metrics["titles/ndcg_10"].Count != 1 {
		t.Errorf("%+v", all)
	}
	for _, name := range []string{"titles-measures", "map-baseline", "map-fine_tuned", "similarity-baseline", "similarity-fine_tuned"} {
		f, err := os.Open(filepath.Join(dir, "plots", name+".png"))
		if err != nil {
			t.Error(err)
			continue
		}
		if _, err := png.DecodeConfig(f); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}
