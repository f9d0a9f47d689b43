package evaluate_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"paperlab/lib/hub"
	"paperlab/lib/sentence"
	"paperlab/lib/sentence/evaluate"
	"paperlab/lib/tensor"
)

// TestMiniLMScoresAsThePeerSays holds MiniLM on real test collections against what Sentence-Transformers' evaluators give
// (testdata/make_judged.py), to 4 decimals. The two large collections, 4,600 documents, are for the long tests.
func TestMiniLMScoresAsThePeerSays(t *testing.T) {
	data := os.Getenv("PAPERLAB_DATA")
	if data == "" {
		t.Skip("SKIPPED: set PAPERLAB_DATA to the folder of test collections (cranfield, cacm, scifact-subset, stsb-en, scirepeval-search)")
	}
	folder, err := hub.Default().Resolve("all-MiniLM-L6-v2")
	if err != nil {
		t.Skipf("SKIPPED: no MiniLM here, make setup brings it: %v", err)
	}
	model, err := sentence.Load(folder, tensor.CPU)
	if err != nil {
		t.Fatal(err)
	}
	defer model.Close()
	content, err := os.ReadFile("testdata/judged.json")
	if err != nil {
		t.Fatal(err)
	}
	var theirs map[string]map[string]float64
	if err := json.Unmarshal(content, &theirs); err != nil {
		t.Fatal(err)
	}
	equal := func(t *testing.T, collection, measure string, got float64) {
		t.Helper()
		if want, ok := theirs[collection][measure]; !ok || math.Abs(got-want) > 5e-5 {
			t.Errorf("%s: %s is %.5f, the peer has %.5f", collection, measure, got, want)
		}
	}
	collections := []string{"scifact-subset"}
	if os.Getenv("PAPERLAB_SOAK") != "" {
		collections = append(collections, "cranfield", "cacm")
	}
	for _, name := range collections {
		t.Run(name, func(t *testing.T) {
			test, err := evaluate.ReadJudged(t.Context(), filepath.Join(data, name))
			if err != nil {
				t.Fatal(err)
			}
			got, err := test.Measure(t.Context(), model, sentence.Options{})
			if err != nil {
				t.Fatal(err)
			}
			values := got.All()
			for i, measure := range evaluate.AllNames() {
				equal(t, name, measure, values[i])
			}
		})
	}
	t.Run("stsb-en", func(t *testing.T) {
		test, err := evaluate.ReadSimilarity(filepath.Join(data, "stsb-en", "stsb-en-test.csv"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := test.Measure(t.Context(), model, sentence.Options{})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "stsb-en", "pearson_cosine", got.Pearson)
		equal(t, "stsb-en", "spearman_cosine", got.Spearman)
	})
	t.Run("scirepeval-search", func(t *testing.T) {
		test, err := evaluate.ReadReranking(filepath.Join(data, "scirepeval-search", "search_small.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := test.NDCG10(t.Context(), model, sentence.Options{})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "scirepeval-search", "queries", float64(len(test)))
		equal(t, "scirepeval-search", "ndcg@10", got)
	})
}
