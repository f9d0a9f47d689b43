package evaluate_test

import (
	"os"
	"path/filepath"
	"testing"

	"paperlab/lib/sentence/evaluate"
)

func FuzzReadJudged(f *testing.F) {
	f.Add([]byte(`{"_id":"x","title":"t","text":"u"}`), []byte(`{"_id":"1","text":"q"}`), []byte("h\n1\tx\t1\n"))
	f.Add([]byte(`{"_id":"x"}{"_id":"x"}`), []byte("\xff"), []byte("1\tx\tNaN"))
	f.Fuzz(func(t *testing.T, corpus, queries, scores []byte) {
		dir := t.TempDir()
		for name, data := range map[string][]byte{"corpus.jsonl": corpus, "queries.jsonl": queries, "qrels.tsv": scores} {
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		test, err := evaluate.ReadJudged(t.Context(), dir)
		if err != nil {
			return
		}
		// A test that was read can be taken.
		vectors := func(texts []string) []float32 { return make([]float32, len(texts)) }
		measures, err := test.MeasureVectors(t.Context(), vectors(test.Queries), vectors(test.Documents))
		if err != nil || measures.Queries != len(test.Queries) {
			t.Errorf("%+v, %v", measures, err)
		}
		for i, value := range measures.Values() {
			if !(value >= 0 && value <= 1) {
				t.Errorf("%s is %v", evaluate.Names()[i], value)
			}
		}
	})
}
