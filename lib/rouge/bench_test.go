package rouge_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"paperlab/lib/rouge"
)

// englishPairs makes pairs of texts of the given length in characters out of common words of papers.
func englishPairs(n, length int) (references, predictions []string) {
	words := strings.Fields("the of a model models training trained language summarization we propose method methods " +
		"results show that our approach improves performance on several academic datasets and evaluation metrics with " +
		"attention networks learning representations sequences generation large scale neural evaluation experiments")
	rng := rand.New(rand.NewPCG(9, 10))
	text := func() string {
		var b strings.Builder
		for b.Len() < length {
			b.WriteString(words[rng.IntN(len(words))] + " ")
		}
		return b.String()[:length]
	}
	for range n {
		references, predictions = append(references, text()), append(predictions, text())
	}
	return references, predictions
}

func BenchmarkScoreAll(b *testing.B) {
	for _, c := range []struct {
		name   string
		length int
		stem   bool
	}{
		{"plain/88-characters", 88, false},
		{"stem/88-characters", 88, true},
		{"plain/1000-characters", 1000, false},
		{"stem/1000-characters", 1000, true},
	} {
		b.Run(c.name, func(b *testing.B) {
			references, predictions := englishPairs(2000, c.length)
			b.ReportAllocs()
			pairs := 0
			for b.Loop() {
				scorer := rouge.Scorer{Stem: c.stem}
				if _, err := scorer.ScoreAll(context.Background(), references, predictions); err != nil {
					b.Fatal(err)
				}
				pairs += len(references)
			}
			b.ReportMetric(float64(pairs)/b.Elapsed().Seconds(), "pairs/s")
		})
	}
}

func BenchmarkStem(b *testing.B) {
	words := strings.Fields("relational conditional vietnamization happiness models trained geology operationally")
	for b.Loop() {
		for _, word := range words {
			rouge.Stem(word)
		}
	}
}
