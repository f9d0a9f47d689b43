package sentence_test

import (
	"math"
	"slices"
	"testing"

	"paperlab/lib/sentence"
)

func TestHardNegativesAreTheNearestBeyondThePositive(t *testing.T) {
	m, texts := load(t, "testdata/tiny"), goldenTexts(t)[:18]
	var anchors, positives []string
	for i := 0; i < len(texts); i += 2 {
		anchors, positives = append(anchors, texts[i]), append(positives, texts[i+1])
	}
	vectors := encode(t, m, append(slices.Clone(anchors), positives...), sentence.Options{})
	vector := func(i int) []float32 { return vectors[i*m.Dim() : (i+1)*m.Dim()] }
	const margin, wanted = 0.01, 2
	mined, err := m.HardNegatives(t.Context(), anchors, positives, sentence.Mining{PerPair: wanted, Margin: margin})
	if err != nil {
		t.Fatal(err)
	}
	row := 0
	for i, anchor := range anchors {
		limit := sentence.Cosine(vector(i), vector(9+i)) - margin
		var want []string
		for _, hit := range sentence.Best(vector(i), vectors[9*m.Dim():], 9) {
			if hit.Similarity < limit && len(want) < wanted {
				want = append(want, positives[hit.Index])
			}
		}
		if len(want) < wanted {
			continue
		}
		if mined.Anchors[row] != anchor || mined.Positives[row] != positives[i] || mined.Negatives[0][row] != want[0] || mined.Negatives[1][row] != want[1] {
			t.Errorf("pair %d: %q and %q, want %q", i, mined.Negatives[0][row], mined.Negatives[1][row], want)
		}
		row++
	}
	if row != len(mined.Anchors) || row == 0 || len(mined.Negatives) != wanted {
		t.Errorf("%d pairs, want %d", len(mined.Anchors), row)
	}
}

func TestPartnersAreNoHardNegatives(t *testing.T) {
	m := load(t, "testdata/tiny")
	// A chain: each text in the middle is paired with both its neighbours.
	texts := goldenTexts(t)[:10]
	mined, err := m.HardNegatives(t.Context(), texts[:9], texts[1:], sentence.Mining{PerPair: 1})
	if err != nil || len(mined.Anchors) == 0 {
		t.Fatal(len(mined.Anchors), err)
	}
	for i, anchor := range mined.Anchors {
		at, negative := slices.Index(texts, anchor), slices.Index(texts, mined.Negatives[0][i])
		if at-negative < 2 && negative-at < 2 {
			t.Errorf("the negative of text %d is text %d", at, negative)
		}
	}
}

func TestMiningRefusesWhatCannotBeMined(t *testing.T) {
	m := load(t, "testdata/tiny")
	for name, o := range map[string]sentence.Mining{"no negatives": {}, "a margin that is no number": {PerPair: 1, Margin: math.NaN()}, "a margin below 0": {PerPair: 1, Margin: -1}} {
		if _, err := m.HardNegatives(t.Context(), []string{"a"}, []string{"b"}, o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := m.HardNegatives(t.Context(), []string{"a"}, nil, sentence.Mining{PerPair: 1}); err == nil {
		t.Error("an anchor without a positive: no error")
	}
}
