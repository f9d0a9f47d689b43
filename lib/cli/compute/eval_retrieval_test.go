package compute_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
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
	for _, part := range []string{"Retrieval, titles: 20 questions, 20 documents\n", "Retrieval, judged: 2 questions, 2 documents\n", "questions got better", "ndcg@10"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in %s", part, text)
		}
	}
}

func TestEvalSearchRefusesAJudgedFolderThatIsNone(t *testing.T) {
	dir := folder(t)
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 5)
	got := run("eval", "search", "--model", model, "--baseline", model, "--data", papers, "--judged", "nowhere")
	if got.exit != 1 || !strings.Contains(got.err, "--judged") || !strings.Contains(got.err, "corpus.jsonl") {
		t.Errorf("%+v", got)
	}
}
