package evaluate_test

import (
	"context"
	"errors"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/sentence/evaluate"
)

// circle returns n vectors, turned one degree each.
func circle(n int) (vectors []float32) {
	for i := range n {
		angle := float64(i) * math.Pi / 180
		vectors = append(vectors, float32(math.Cos(angle)), float32(math.Sin(angle)))
	}
	return vectors
}

// The documents lie on a circle and the question at its beginning, so that document i has rank i+1.
func TestTheMeasuresOfOneQuestion(t *testing.T) {
	log2 := math.Log2
	all, late := evaluate.AtRanks{1, 1, 1, 1}, evaluate.AtRanks{0, 1, 1, 1}
	for name, c := range map[string]struct {
		relevant map[int]bool
		want     evaluate.Measures
	}{
		"the first":            {map[int]bool{0: true}, evaluate.Measures{Accuracy: all, Precision: evaluate.AtRanks{1, 1. / 3, 1. / 5, 1. / 10}, Recall: all, MRR10: 1, NDCG10: 1, MAP100: 1}},
		"the third":            {map[int]bool{2: true}, evaluate.Measures{Accuracy: late, Precision: evaluate.AtRanks{0, 1. / 3, 1. / 5, 1. / 10}, Recall: late, MRR10: 1. / 3, NDCG10: 0.5, MAP100: 1. / 3}},
		"behind the tenth":     {map[int]bool{10: true}, evaluate.Measures{MAP100: 1. / 11}},
		"behind the hundredth": {map[int]bool{100: true}, evaluate.Measures{}},
		"two, one near, one far": {map[int]bool{1: true, 19: true}, evaluate.Measures{
			Accuracy: late, Precision: evaluate.AtRanks{0, 1. / 3, 1. / 5, 1. / 10}, Recall: evaluate.AtRanks{0, 0.5, 0.5, 0.5},
			MRR10: 0.5, NDCG10: (1 / log2(3)) / (1 + 1/log2(3)), MAP100: (1./2 + 2./20) / 2,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			test := evaluate.Retrieval{Queries: []string{"q"}, Documents: make([]string, 120), Relevant: []map[int]bool{c.relevant}}
			got, err := test.MeasureVectors(t.Context(), []float32{1, 0}, circle(120))
			c.want.Queries = 1
			if err != nil || !near(got, c.want) {
				t.Errorf("%+v, %v; want %+v", got, err, c.want)
			}
		})
	}
}

func near(a, b evaluate.Measures) bool {
	return a.Queries == b.Queries && slices.EqualFunc(a.All(), b.All(), func(x, y float64) bool { return math.Abs(x-y) < 1e-12 })
}

func TestMeasuresAreMeansOverTheQuestions(t *testing.T) {
	test, err := evaluate.KnownItems([]string{"a", "b"}, []string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	// The first question finds its document, the second the other one first.
	got, err := test.MeasureVectors(t.Context(), []float32{1, 0, 1, 0.1}, []float32{1, 0, 0, 1})
	if err != nil || got.Queries != 2 || got.Accuracy.At(1) != 0.5 || got.MRR10 != 0.75 || got.Recall.At(10) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	if metrics := got.Metrics("retrieval/"); metrics["retrieval/mrr_10"] != 0.75 || len(metrics) != 15 {
		t.Errorf("%v", metrics)
	}
	header, rows := evaluate.Comparison{{Name: "baseline", Measures: got}}.Table()
	if len(header) != 7 || strings.Join(rows[0][:4], " ") != "baseline 0.5000 1.0000 0.7500" {
		t.Errorf("%v %v", header, rows)
	}
}

func TestAGroupAnswersTheQuestionsOfItsMembers(t *testing.T) {
	test, err := evaluate.SameGroup([]string{"a", "b"}, []string{"a", "b", "c"}, []string{"x", "y", "x"})
	if err != nil || !maps.Equal(test.Relevant[0], map[int]bool{0: true, 2: true}) || !maps.Equal(test.Relevant[1], map[int]bool{1: true}) {
		t.Errorf("%v, %v", test.Relevant, err)
	}
	if _, err := evaluate.SameGroup([]string{"a", "b"}, []string{"a"}, []string{"x"}); err == nil {
		t.Error("a question without a document was accepted")
	}
}

func TestASampleHasTheAnswersOfItsQuestions(t *testing.T) {
	test, err := evaluate.KnownItems([]string{"0", "1", "2", "3"}, []string{"0", "1", "2", "3"})
	if err != nil {
		t.Fatal(err)
	}
	sample := test.Sample(2, 42)
	if len(sample.Queries) != 2 || len(sample.Documents) != 4 {
		t.Fatalf("%+v", sample)
	}
	for i, query := range sample.Queries {
		for answer := range sample.Relevant[i] {
			if test.Documents[answer] != query {
				t.Errorf("%s is answered by %s", query, test.Documents[answer])
			}
		}
	}
	if all := test.Sample(9, 1); len(all.Queries) != 4 {
		t.Errorf("%d of 4 questions", len(all.Queries))
	}
}

func TestATestThatCannotBePassedIsRefused(t *testing.T) {
	for name, test := range map[string]evaluate.Retrieval{
		"nothing":                           {},
		"a question without answers":        {[]string{"q"}, []string{"d"}, []map[int]bool{nil}},
		"an answer that is not there":       {[]string{"q"}, []string{"d"}, []map[int]bool{{1: true}}},
		"answers to other questions":        {[]string{"q"}, []string{"d"}, nil},
		"fewer documents than known titles": {[]string{"q", "r"}, []string{"d"}, []map[int]bool{{0: true}, {1: true}}},
	} {
		if _, err := test.MeasureVectors(t.Context(), []float32{1}, []float32{1}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	test, err := evaluate.KnownItems([]string{"q"}, []string{"d"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := test.MeasureVectors(t.Context(), []float32{1, 0}, []float32{1}); err == nil {
		t.Error("vectors of different lengths were compared")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := test.MeasureVectors(ctx, []float32{1}, []float32{1}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// judged writes a collection and returns its folder.
func judged(t *testing.T, qrels string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"corpus.jsonl":  `{"_id":"x","title":"Wings","text":"lift"}` + "\n" + `{"_id":"y","title":"","text":"heat"}` + "\n",
		"queries.jsonl": `{"_id":"1","text":"what lifts?"}` + "\n" + `{"_id":"2","text":"unanswered"}` + "\n",
		"qrels.tsv":     qrels,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestAJudgedCollectionIsRead(t *testing.T) {
	test, err := evaluate.ReadJudged(t.Context(), judged(t, "query-id\tcorpus-id\tscore\n1\tx\t3\n1\ty\t0\n1\tgone\t2\n2\ty\t0\n"))
	if err != nil || strings.Join(test.Documents, "|") != "Wings lift|heat" || strings.Join(test.Queries, "|") != "what lifts?" {
		t.Fatalf("%+v, %v", test, err)
	}
	if len(test.Relevant) != 1 || !maps.Equal(test.Relevant[0], map[int]bool{0: true}) {
		t.Errorf("%v", test.Relevant)
	}
}

func TestADamagedCollectionIsRefusedWithItsLine(t *testing.T) {
	for qrels, says := range map[string]string{
		"h\n1\tx\n":             "qrels.tsv:2: 2 columns",
		"h\n\n1\tx\tmuch\n":     "qrels.tsv:3: score",
		"h\n1\tx\t0\n2\ty\t0\n": "a question and a document",
	} {
		if _, err := evaluate.ReadJudged(t.Context(), judged(t, qrels)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %s", qrels, err, says)
		}
	}
	if _, err := evaluate.ReadJudged(t.Context(), t.TempDir()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func TestARealCollectionIsRead(t *testing.T) {
	data := os.Getenv("PAPERLAB_DATA")
	if data == "" {
		t.Skip("NOTHING WAS TESTED: PAPERLAB_DATA names no folder of real papers")
	}
	test, err := evaluate.ReadJudged(t.Context(), filepath.Join(data, "cranfield"))
	if err != nil || len(test.Documents) != 1400 || len(test.Queries) < 150 {
		t.Errorf("%d documents, %d questions, %v", len(test.Documents), len(test.Queries), err)
	}
}
