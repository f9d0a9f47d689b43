package rouge_test

import (
	"strings"
	"testing"

	"paperlab/lib/rouge"
)

func FuzzScore(f *testing.F) {
	f.Add("the quick brown fox", "the brown dog", false)
	f.Add("a b\nc d\n", "\n\nc\nd a", true)
	f.Add("\u212A\u0130 naïve \xff", "agreed skies", true)
	f.Fuzz(func(t *testing.T, reference, prediction string, stem bool) {
		if len(reference)+len(prediction) > 10_000 {
			t.Skip("long texts only slow the search down")
		}
		scorer := rouge.Scorer{Stem: stem}
		forth, back := scorer.Score(reference, prediction), scorer.Score(prediction, reference)
		for i, pair := range [][2]rouge.Score{
			{forth.Rouge1, back.Rouge1}, {forth.Rouge2, back.Rouge2}, {forth.RougeL, back.RougeL}, {forth.RougeLsum, back.RougeLsum},
		} {
			for _, v := range []float64{pair[0].Precision, pair[0].Recall, pair[0].FMeasure} {
				if !(v >= 0 && v <= 1) {
					t.Errorf("measure %d: %v is not in [0, 1]", i, v)
				}
			}
			// The union behind Lsum belongs to the reference's lines, so that it has no such symmetry.
			lsum := i == 3 && (strings.Contains(reference, "\n") || strings.Contains(prediction, "\n"))
			if !lsum && (pair[0].Precision != pair[1].Recall || pair[0].Recall != pair[1].Precision) {
				t.Errorf("measure %d: %+v there, %+v back", i, pair[0], pair[1])
			}
		}
	})
}

func FuzzStem(f *testing.F) {
	for _, word := range []string{"relational", "yyying", "skies", "\xff\xfeing", "eed"} {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, word string) {
		stem := rouge.Stem(word)
		if len(stem) > len(word)+1 {
			t.Errorf("Stem(%q) = %q is longer than its word", word, stem)
		}
	})
}
