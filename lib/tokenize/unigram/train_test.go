package unigram_test

import (
	"context"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/tokenize/unigram"
)

var corpus = []string{
	"▁the▁reader▁reads▁the▁paper", "▁the▁writer▁writes▁the▁paper", "▁readers▁read▁papers▁and▁writers▁write▁papers",
	"▁reading▁and▁writing▁papers▁is▁what▁readers▁and▁writers▁do", "▁a▁paper▁that▁nobody▁reads▁is▁rewritten▁by▁its▁writer",
}

func train(t *testing.T, texts []string, size int) []unigram.Piece {
	t.Helper()
	pieces, err := unigram.Train(context.Background(), slices.Values(texts), unigram.Options{VocabSize: size})
	if err != nil {
		t.Fatal(err)
	}
	return pieces
}

func TestTrainedPiecesAreADistributionBestFirst(t *testing.T) {
	pieces := train(t, corpus, 32)
	if len(pieces) != 32 {
		t.Fatalf("%d pieces, want 32", len(pieces))
	}
	seen := map[string]bool{}
	var sum float64
	for i, p := range pieces {
		if seen[p.Text] {
			t.Errorf("%q comes twice", p.Text)
		}
		seen[p.Text] = true
		sum += math.Exp(p.Score)
		if i > 0 && p.Score > pieces[i-1].Score {
			t.Errorf("piece %d, %q, scores more than the one before", i, p.Text)
		}
		if strings.LastIndex(p.Text, "▁") > 0 {
			t.Errorf("%q crosses two words", p.Text)
		}
	}
	if sum > 1.1 || sum < 0.5 {
		t.Errorf("probabilities add up to %v", sum)
	}
	for _, c := range strings.Join(corpus, "") {
		if !seen[string(c)] {
			t.Errorf("character %q has no piece", c)
		}
	}
	for _, frequent := range []string{"▁paper", "▁the"} {
		if !seen[frequent] {
			t.Errorf("%q is no piece", frequent)
		}
	}
}

func TestTrainingDoesNotDependOnTheNumberOfCores(t *testing.T) {
	want := train(t, corpus, 32)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if got := train(t, corpus, 32); !slices.Equal(got, want) {
		t.Errorf("on one core:\n%v\non all:\n%v", got, want)
	}
}

func TestTrainingStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	texts := func(yield func(string) bool) {
		for _, text := range corpus {
			if !yield(text) {
				return
			}
		}
		cancel() // when the last text has been read
	}
	if _, err := unigram.Train(ctx, texts, unigram.Options{VocabSize: 32}); err != context.Canceled {
		t.Errorf("error %v, want context.Canceled", err)
	}
}
