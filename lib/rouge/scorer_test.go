package rouge_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"paperlab/lib/rouge"
)

func TestScore(t *testing.T) {
	score := func(p, r, f float64) rouge.Score { return rouge.Score{Precision: p, Recall: r, FMeasure: f} }
	same := score(1, 1, 1)
	all := func(s rouge.Score) rouge.Scores { return rouge.Scores{Rouge1: s, Rouge2: s, RougeL: s, RougeLsum: s} }
	for _, c := range []struct {
		name, reference, prediction string
		stem                        bool
		want                        rouge.Scores
	}{
		{name: "two empty texts score zero"},
		{name: "a text without letters scores zero", reference: "...", prediction: "a b"},
		{name: "case and punctuation do not matter", reference: "One, two!", prediction: "one TWO", want: all(same)},
		{name: "letters beyond ASCII separate words", reference: "naïve", prediction: "na ve", want: all(same)},
		{name: "the Kelvin sign is a k", reference: "\u212Aa b", prediction: "ka b", want: all(same)},
		{name: "a dotted capital I is an i and ends the word", reference: "x\u0130y", prediction: "xi y", want: all(same)},
		{name: "bytes that are no UTF-8 separate words", reference: "a\xffb\xe2\x84c", prediction: "a b c", want: all(same)},
		{name: "stems are compared where asked for", reference: "trained models", prediction: "training model", stem: true, want: all(same)},
		{name: "three letters are not stemmed", reference: "gas", prediction: "ga", stem: true},
		{
			name: "repeated words count as often as both have them", reference: "a a b", prediction: "a a a a",
			want: rouge.Scores{Rouge1: score(0.5, 2./3, 4./7), Rouge2: score(1./3, 0.5, 0.4), RougeL: score(0.5, 2./3, 4./7), RougeLsum: score(0.5, 2./3, 4./7)},
		},
		{
			name: "only Lsum looks at lines", reference: "a b\nc d", prediction: "c d\na b",
			want: rouge.Scores{Rouge1: same, Rouge2: score(2./3, 2./3, 2./3), RougeL: score(0.5, 0.5, 0.5), RougeLsum: same},
		},
		{
			name: "Lsum hits a word of the prediction once", reference: "a b\na c", prediction: "a x\ny z",
			want: rouge.Scores{Rouge1: score(0.25, 0.25, 0.25), RougeL: score(0.25, 0.25, 0.25), RougeLsum: score(0.25, 0.25, 0.25)},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			scorer := rouge.Scorer{Stem: c.stem}
			got := scorer.Score(c.reference, c.prediction)
			want := peerScores{}
			for i, s := range []rouge.Score{c.want.Rouge1, c.want.Rouge2, c.want.RougeL, c.want.RougeLsum} {
				want[i] = [3]float64{s.Precision, s.Recall, s.FMeasure}
			}
			want.check(t, got, 1e-15, c.reference, c.prediction)
		})
	}
}

func TestScoreAllKeepsTheOrderAndSharesTheScorer(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	references, predictions := make([]string, 500), make([]string, 500)
	for i := range references {
		references[i], predictions[i] = randomText(rng, 20), randomText(rng, 20)
	}
	shared := rouge.Scorer{Stem: true}
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			got, err := shared.ScoreAll(context.Background(), references, predictions)
			if err != nil {
				t.Error(err)
				return
			}
			for i := range got {
				if want := shared.Score(references[i], predictions[i]); got[i] != want {
					t.Errorf("pair %d: %+v, alone %+v", i, got[i], want)
				}
			}
		})
	}
	callers.Wait()
}

func TestScoreAllRefusesListsOfDifferentLengths(t *testing.T) {
	_, err := new(rouge.Scorer).ScoreAll(context.Background(), []string{"a", "b"}, []string{"a"})
	if err == nil || !strings.Contains(err.Error(), "2 references for 1 predictions") {
		t.Errorf("error = %v", err)
	}
}

func TestScoreAllStopsWhenItsContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := new(rouge.Scorer).ScoreAll(ctx, []string{"a"}, []string{"a"})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
}

func TestAScorerForgetsWordsRatherThanGrow(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	kept := rouge.Scorer{Stem: true}
	for range 300 {
		reference, prediction := randomWords(rng, 300), randomWords(rng, 300)
		fresh := rouge.Scorer{Stem: true}
		if got, want := kept.Score(reference, prediction), fresh.Score(reference, prediction); got != want {
			t.Fatalf("%+v, a fresh scorer has %+v", got, want)
		}
	}
}

func TestAScorerTurnedToStemsForgetsWholeWords(t *testing.T) {
	var scorer rouge.Scorer
	before := scorer.Score("models trained", "model training")
	scorer.Stem = true
	after := scorer.Score("models trained", "model training")
	if before.Rouge1.FMeasure != 0 || after.Rouge1.FMeasure != 1 {
		t.Errorf("before %v, after %v", before.Rouge1, after.Rouge1)
	}
}

func TestMean(t *testing.T) {
	if got := rouge.Mean(nil); got != (rouge.Scores{}) {
		t.Errorf("mean of nothing = %+v", got)
	}
	got := rouge.Mean([]rouge.Scores{
		{Rouge1: rouge.Score{Precision: 1, Recall: 0.5, FMeasure: 0.75}},
		{RougeLsum: rouge.Score{Recall: 1}},
	})
	want := rouge.Scores{
		Rouge1:    rouge.Score{Precision: 0.5, Recall: 0.25, FMeasure: 0.375},
		RougeLsum: rouge.Score{Recall: 0.5},
	}
	if got != want {
		t.Errorf("mean = %+v, want %+v", got, want)
	}
}
