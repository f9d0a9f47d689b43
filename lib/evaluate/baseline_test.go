package evaluate_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"paperlab/lib/evaluate"
)

const fourSentences = "One is here. Two is,\ne.g., there. Three follows. Four ends."

func TestLead(t *testing.T) {
	for _, c := range []struct {
		name, text string
		k          int
		want       string
	}{
		{"lead-1 is the first sentence", fourSentences, 1, "One is here."},
		{"lead-3 is three, one a line", fourSentences, 3, "One is here.\nTwo is, e.g., there.\nThree follows."},
		{"a short text comes back whole", "Only one.", 3, "Only one."},
		{"an empty text has no summary", "", 3, ""},
		{"no sentences were asked for", fourSentences, 0, ""},
		{"fewer than none are none", fourSentences, -1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := evaluate.Lead(c.text, c.k); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestRandomPicksSentencesInTheirOrder(t *testing.T) {
	all := evaluate.Sentences(fourSentences)
	seen := map[string]bool{}
	for seed := range uint64(100) {
		summary := evaluate.Random(rand.New(rand.NewPCG(seed, 0)), fourSentences, 2)
		again := evaluate.Random(rand.New(rand.NewPCG(seed, 0)), fourSentences, 2)
		if summary != again {
			t.Fatalf("seed %d gave %q, then %q", seed, summary, again)
		}
		first, second, _ := strings.Cut(summary, "\n")
		if position(all, first) >= position(all, second) {
			t.Fatalf("%q is not in the text's order", summary)
		}
		seen[summary] = true
	}
	if len(seen) != 6 {
		t.Errorf("100 seeds gave %d of the 6 pairs of sentences", len(seen))
	}
	if got := evaluate.Random(rand.New(rand.NewPCG(1, 0)), "Only one.", 3); got != "Only one." {
		t.Errorf("a short text became %q", got)
	}
}

func position(all []string, sentence string) int {
	for i, s := range all {
		if s == sentence {
			return i
		}
	}
	return -1
}
