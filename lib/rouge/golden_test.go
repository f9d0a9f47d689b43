package rouge_test

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"testing"

	"paperlab/lib/rouge"
)

// peerScores is what rouge_score gave for a pair: precision, recall and F-measure of rouge1, rouge2, rougeL, rougeLsum.
type peerScores [4][3]float64

func (want peerScores) check(t *testing.T, got rouge.Scores, tolerance float64, reference, prediction string) {
	t.Helper()
	for i, s := range []rouge.Score{got.Rouge1, got.Rouge2, got.RougeL, got.RougeLsum} {
		for j, v := range []float64{s.Precision, s.Recall, s.FMeasure} {
			if !(math.Abs(v-want[i][j]) <= tolerance) {
				t.Fatalf("measure %d value %d = %v, rouge_score has %v\nreference  %q\nprediction %q",
					i, j, v, want[i][j], reference, prediction)
			}
		}
	}
}

func TestScoresEqualThoseOfRougeScore(t *testing.T) {
	file, err := os.Open("testdata/golden.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	plain, stemmed := rouge.Scorer{}, rouge.Scorer{Stem: true}
	rows := 0
	for decoder := json.NewDecoder(bufio.NewReader(file)); decoder.More(); rows++ {
		var row struct {
			Reference, Prediction string
			Plain, Stemmed        peerScores
		}
		if err := decoder.Decode(&row); err != nil {
			t.Fatal(err)
		}
		row.Plain.check(t, plain.Score(row.Reference, row.Prediction), 1e-12, row.Reference, row.Prediction)
		row.Stemmed.check(t, stemmed.Score(row.Reference, row.Prediction), 1e-12, row.Reference, row.Prediction)
	}
	if rows < 100 {
		t.Fatalf("golden.jsonl holds %d pairs only", rows)
	}
}

func TestStemsEqualThoseOfNLTK(t *testing.T) {
	data, err := os.ReadFile("testdata/stems.json")
	if err != nil {
		t.Fatal(err)
	}
	var stems map[string]string
	if err := json.Unmarshal(data, &stems); err != nil {
		t.Fatal(err)
	}
	for word, want := range stems {
		if got := rouge.Stem(word); got != want {
			t.Errorf("Stem(%q) = %q, NLTK has %q", word, got, want)
		}
	}
}
