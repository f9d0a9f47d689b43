package compute_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/cli/compute"
)

// judgedFolder writes a small test in BEIR's layout.
func judgedFolder(t *testing.T, dir string) string {
	t.Helper()
	dir = filepath.Join(dir, "judged")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"corpus.jsonl":  `{"_id":"d1","title":"On light","text":"and bends"}` + "\n" + `{"_id":"d2","title":"On stars","text":"and gas"}` + "\n",
		"queries.jsonl": `{"_id":"q1","text":"On light and bends"}` + "\n" + `{"_id":"q2","text":"On stars and gas"}` + "\n",
		"qrels.tsv":     "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestEvalSearchMeasuresRetrieval(t *testing.T) {
	dir := folder(t)
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 30)
	if got := run(trainBERT(model, papers, "--epochs", "1")...); got.exit != 0 {
		t.Fatal(got.err)
	}
	args := []string{"eval", "search", "--baseline", model, "--data", papers, "--query", "On light", "-k", "1", "--titles", "20", "--judged", judgedFolder(t, dir)}
	type line struct {
		Test, Measure, Query string
		Queries              int
		Baseline             float64
		Tuned                float64 `json:"fine_tuned"`
		Difference           *struct{ Mean, Low, High float64 }
	}
	measures := map[string]int{}
	// The comparison and each model's best paper come first.
	lines := strings.SplitAfterN(must(t, append(args, "--json")...), "\n", 4)
	for _, l := range decode[line](t, lines[3]) {
		switch {
		case l.Difference != nil:
			measures[l.Test]++
			if diff := l.Tuned - l.Baseline; !(l.Difference.Low <= diff+1e-9 && diff <= l.Difference.High+1e-9) {
				t.Errorf("%+v: %+v", l, *l.Difference)
			}
			// The questions of the judged test are its documents: both models find them.
			if l.Test == "judged" && (l.Queries != 2 || l.Measure == "ndcg@10" && l.Tuned != 1) || l.Test == "titles" && l.Queries != 20 {
				t.Errorf("%+v", l)
			}
		case l.Test != "" && (l.Query == "" || l.Baseline == l.Tuned):
			t.Errorf("no question that changed: %+v", l)
		}
	}
	if measures["titles"] != 6 || measures["judged"] != 6 {
		t.Errorf("measures: %v", measures)
	}
	text := must(t, args...)
	for _, part := range []string{"Test titles: 20 questions, 20 texts\n", "Test judged: 2 questions, 2 texts\n", "questions got better", "ndcg@10"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in %s", part, text)
		}
	}
}

func TestEvalSearchKeepsWhatItFoundAsARunAndDrawsIt(t *testing.T) {
	dir := folder(t)
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 30)
	files := map[string]string{
		"stars.csv":   "On light,and bends,3.5\nOn stars,and gas,1.0\nOn gas,and light,0.5\n",
		"shown.jsonl": `{"query":"light","candidates":[{"title":"On light","score":2},{"title":"On gas","score":0}]}` + "\n",
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var kept []compute.Evaluation
	named := func(title string, what ...any) ([]byte, error) { return []byte(title + fmt.Sprint(what...)), nil }
	c := call{
		keep: func(_ context.Context, e compute.Evaluation) error {
			kept = append(kept, e)
			return nil
		},
		draw: compute.Drawing{
			Bars: func(title string, groups []string, before, after []float64) ([]byte, error) {
				return named(title, groups, len(before), len(after))
			},
			Map: func(title string, vectors []float32, names, groups []string) ([]byte, error) {
				return named(title, len(names), len(groups))
			},
			HeatMap: func(title string, vectors []float32, names []string) ([]byte, error) { return named(title, len(names)) },
		},
	}
	args := []string{"eval", "search", "--model", model, "--baseline", model, "--data", papers, "--titles", "10", "--judged", judgedFolder(t, dir),
		"--reranking", "shown.jsonl", "--similarity", "stars.csv", "--plots", "pictures/of-it"}
	if got := c.run(args...); got.exit != 0 || len(kept) != 0 {
		t.Fatalf("%s: %d runs", got.err, len(kept))
	}
	if got := c.run(append(args, "--record", "held-out")...); got.exit != 0 || len(kept) != 1 {
		t.Fatalf("%s: %d runs", got.err, len(kept))
	}
	e := kept[0]
	if e.Name != "held-out" || e.Params["model"] != model || e.Params["similarity"] != "stars.csv" {
		t.Errorf("%s, %v", e.Name, e.Params)
	}
	for _, metric := range []string{"titles/ndcg_10", "judged/map_100_baseline", "shown/ndcg_10_difference_low", "stars/spearman_difference", "total_parameter_change"} {
		if _, ok := e.Metrics[metric]; !ok {
			t.Errorf("no %s among %v", metric, e.Metrics)
		}
	}
	if len(e.Tables) != 3 || e.Tables[0].Key != "titles/questions" || len(e.Tables[0].Rows) != 10 {
		t.Errorf("tables %+v", e.Tables)
	}
	for name, begins := range map[string]string{
		"titles-measures": "Test titles[accuracy@1 ", "stars-measures": "Test stars[pearson spearman]", "map-baseline": "Titles, baseline model30", "map-fine_tuned": "Titles, fine-tuned model30",
		"similarity-baseline": "Similarity of titles, baseline model16",
	} {
		content, err := os.ReadFile(filepath.Join("pictures", "of-it", name+".png"))
		if err != nil || !strings.HasPrefix(string(content), begins) {
			t.Errorf("%s: %q, %v", name, content, err)
		}
	}
	if len(e.Pictures) != 8 {
		t.Errorf("%d pictures", len(e.Pictures))
	}
}

func TestEvalSearchSaysWhichTestItCannotRead(t *testing.T) {
	dir := folder(t)
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 5)
	for flag, says := range map[string]string{
		"--judged=nowhere": "corpus.jsonl", "--reranking=" + papers: "no question has two candidates", "--similarity=" + papers: "text,text,score", "--plots=" + papers: "not a directory",
	} {
		name, _, _ := strings.Cut(flag, "=")
		run("eval", "search", "--model", model, "--baseline", model, "--data", papers, flag).wantError(t, 1, name, says)
	}
	judged := judgedFolder(t, dir)
	run("eval", "search", "--data", papers, "--judged", judged, "--judged", judged).wantError(t, 2, "another test is named judged, too")
	run("eval", "search", "--data", papers).wantError(t, 1, "model_checkpoints/fine_tuned_search_model", "paperlab train search makes a model")
}
