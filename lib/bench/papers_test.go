package main

import (
	"strings"
	"testing"

	"paperlab/lib/corpus"
)

func TestMixedPapersAreTheRealOnesAndThenOthersOfTheirSentences(t *testing.T) {
	real := []corpus.Paper{
		{Title: "A", Abstract: "One. Two."}, {Title: "B", Abstract: "Three.\n Four. Five."}, {Title: "C", Abstract: "Six."},
	}
	papers := mixed(real, 9)
	seen := map[string]bool{}
	for i, p := range papers {
		seen[p.ID] = true
		if i < 3 && (p.Title != real[i].Title || p.Abstract != real[i].Abstract) {
			t.Errorf("paper %d is %+v", i, p)
		}
		if got, want := strings.Count(p.Abstract, "."), strings.Count(real[i%3].Abstract, "."); got != want {
			t.Errorf("paper %d has %d sentences, its model %d: %q", i, got, want, p.Abstract)
		}
	}
	if len(seen) != 9 {
		t.Errorf("%d ids of 9 papers", len(seen))
	}
}
