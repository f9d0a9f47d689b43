package rouge_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/rouge"
)

// dataFile reads a file of the golden-rouge folder, or skips the test where there is no data.
func dataFile(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("PAPERLAB_DATA")
	if root == "" {
		t.Skip("SKIPPED: set PAPERLAB_DATA to the data folder to compare with the published ROUGE figures")
	}
	data, err := os.ReadFile(filepath.Join(root, "golden-rouge", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func dataLines(t *testing.T, name string) []string {
	t.Helper()
	return strings.Split(strings.TrimSuffix(dataFile(t, name), "\n"), "\n")
}

func checkNear(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %v, published %v", what, got, want)
	}
}

func checkScore(t *testing.T, what string, got, want rouge.Score, tolerance float64) {
	t.Helper()
	checkNear(t, what+" precision", got.Precision, want.Precision, tolerance)
	checkNear(t, what+" recall", got.Recall, want.Recall, tolerance)
	checkNear(t, what+" F", got.FMeasure, want.FMeasure, tolerance)
}

func scoreAll(t *testing.T, stem bool, references, predictions []string) []rouge.Scores {
	t.Helper()
	scorer := rouge.Scorer{Stem: stem}
	scores, err := scorer.ScoreAll(context.Background(), references, predictions)
	if err != nil {
		t.Fatal(err)
	}
	return scores
}

// published is expected-google-research.json: figures of ROUGE-1.5.5, the Perl original, and of rouge_score's tests.
type published struct {
	Lines struct {
		Rouge1        []rouge.Score `json:"rouge1"`
		Rouge1Stemmed []rouge.Score `json:"rouge1_stemmer"`
		Rouge2        []rouge.Score `json:"rouge2"`
		Rouge2Stemmed []rouge.Score `json:"rouge2_stemmer"`
		RougeL        []rouge.Score `json:"rougeL"`
	} `json:"lines_of_target_txt_vs_prediction_txt"`
	Multi struct {
		RougeLsumStemmed rouge.Score `json:"rougeLsum_stemmer"`
	} `json:"target_multi.0_vs_prediction_multi.0"`
	Whole struct {
		RougeLsumF float64 `json:"rougeLsum_fmeasure"`
	} `json:"whole_large_files_as_one_text"`
	Large struct {
		Rouge1        interval `json:"rouge1"`
		Rouge1Stemmed interval `json:"rouge1_stemmer"`
		RougeLStemmed interval `json:"rougeL_stemmer"`
	} `json:"large_files_line_by_line_bootstrap_low_mid_high"`
	Synthetic []struct {
		Target, Prediction                string
		Rouge1, Rouge2, RougeL, RougeLsum *rouge.Score
	}
}

// interval holds low, middle and high of a bootstrap; the middle is the mean but for the draw.
type interval struct{ Precision, Recall, FMeasure [3]float64 }

func (i interval) middle() rouge.Score {
	return rouge.Score{Precision: i.Precision[1], Recall: i.Recall[1], FMeasure: i.FMeasure[1]}
}

func readPublished(t *testing.T) published {
	t.Helper()
	var p published
	if err := json.Unmarshal([]byte(dataFile(t, "expected-google-research.json")), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPublishedFiguresOfSmallTexts(t *testing.T) {
	want := readPublished(t)
	targets, predictions := dataLines(t, "target.txt"), dataLines(t, "prediction.txt")
	plain, stemmed := scoreAll(t, false, targets, predictions), scoreAll(t, true, targets, predictions)
	for i := range targets {
		checkScore(t, "rouge1", plain[i].Rouge1, want.Lines.Rouge1[i], 5.1e-6)
		checkScore(t, "rouge2", plain[i].Rouge2, want.Lines.Rouge2[i], 5.1e-6)
		checkScore(t, "rougeL", plain[i].RougeL, want.Lines.RougeL[i], 5.1e-6)
		checkScore(t, "stemmed rouge1", stemmed[i].Rouge1, want.Lines.Rouge1Stemmed[i], 5.1e-6)
		checkScore(t, "stemmed rouge2", stemmed[i].Rouge2, want.Lines.Rouge2Stemmed[i], 5.1e-6)
	}
	scorer := rouge.Scorer{Stem: true}
	multi := scorer.Score(dataFile(t, "target_multi.0.txt"), dataFile(t, "prediction_multi.0.txt"))
	checkScore(t, "rougeLsum of several lines", multi.RougeLsum, want.Multi.RougeLsumStemmed, 5.1e-6)
	for _, c := range want.Synthetic {
		got := new(rouge.Scorer).Score(c.Target, c.Prediction)
		for _, pair := range []struct{ want, got *rouge.Score }{
			{c.Rouge1, &got.Rouge1}, {c.Rouge2, &got.Rouge2}, {c.RougeL, &got.RougeL}, {c.RougeLsum, &got.RougeLsum},
		} {
			if pair.want != nil {
				checkScore(t, c.Target+" / "+c.Prediction, *pair.got, *pair.want, 5.1e-5) // some have four decimals
			}
		}
	}
}

func TestPublishedFiguresOfAThousandLines(t *testing.T) {
	want := readPublished(t)
	targets, predictions := dataLines(t, "target_large.txt"), dataLines(t, "prediction_large.txt")
	plain := rouge.Mean(scoreAll(t, false, targets, predictions))
	stemmed := rouge.Mean(scoreAll(t, true, targets, predictions))
	checkScore(t, "rouge1", plain.Rouge1, want.Large.Rouge1.middle(), 0.002)
	checkScore(t, "stemmed rouge1", stemmed.Rouge1, want.Large.Rouge1Stemmed.middle(), 0.002)
	checkScore(t, "stemmed rougeL", stemmed.RougeL, want.Large.RougeLStemmed.middle(), 0.002)

	var percent struct{ Rouge1, Rouge2, RougeLsum float64 }
	if err := json.Unmarshal([]byte(dataFile(t, "expected_bootstrap_results.json")), &percent); err != nil {
		t.Fatal(err)
	}
	checkNear(t, "rouge1 in percent", 100*plain.Rouge1.FMeasure, percent.Rouge1, 0.2)
	checkNear(t, "rouge2 in percent", 100*plain.Rouge2.FMeasure, percent.Rouge2, 0.2)
	checkNear(t, "rougeLsum in percent", 100*plain.RougeLsum.FMeasure, percent.RougeLsum, 0.2)

	whole := new(rouge.Scorer).Score(dataFile(t, "target_large.txt"), dataFile(t, "prediction_large.txt"))
	checkNear(t, "rougeLsum of the whole files", whole.RougeLsum.FMeasure, want.Whole.RougeLsumF, 0.0005)
}
