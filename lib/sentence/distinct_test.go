package sentence_test

import (
	"slices"
	"strings"
	"testing"

	"paperlab/lib/sentence"
)

// chain makes pairs as the study does: each text but the outermost is in two of them.
func chain(t *testing.T, m *sentence.Model, n int) *sentence.Pairs {
	t.Helper()
	words := strings.Fields("paper light model energy star field theory graph data text quantum search neural wave small large")
	text := func(i int) string { return words[i%len(words)] + " " + words[i/len(words)] }
	var anchors, positives []string
	for i := range n {
		anchors, positives = append(anchors, text(i)), append(positives, text(i+1))
	}
	p, err := m.Pairs(t.Context(), anchors, positives)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestDistinctLeavesNoTextTwiceInABatch(t *testing.T) {
	p := chain(t, load(t, "testdata/tiny"), 100)
	order := p.Distinct(8, 42)
	for epoch := range 20 {
		got := order(epoch, 100)
		if n := p.Repeated(got, 8); n != 0 {
			t.Errorf("epoch %d: %d pairs repeat a text of their batch", epoch, n)
		}
		sorted := slices.Sorted(slices.Values(got))
		for i, pair := range sorted {
			if i != pair || len(sorted) != 100 {
				t.Fatalf("epoch %d: no permutation: %v", epoch, sorted)
			}
		}
		if !slices.Equal(got, order(epoch, 100)) {
			t.Errorf("epoch %d: another order when asked again", epoch)
		}
	}
	if slices.Equal(order(0, 100), order(1, 100)) {
		t.Error("two epochs have one order")
	}
	if p.Repeated(inOrder(100), 8) == 0 {
		t.Error("the chain has no texts to keep apart")
	}
}

func TestDistinctKeepsPairsThatCannotBeToldApart(t *testing.T) {
	m := load(t, "testdata/tiny")
	p, err := m.Pairs(t.Context(), []string{"star", "star", "star", "gas"}, []string{"light", "energy", "heat", "data"})
	if err != nil {
		t.Fatal(err)
	}
	order := p.Distinct(2, 1)(0, 4)
	if slices.Sort(order); !slices.Equal(order, inOrder(4)) {
		t.Errorf("%v is no permutation", order)
	}
	// Of two batches one has to hold two pairs about stars.
	if n := p.Repeated(p.Distinct(2, 1)(0, 4), 2); n != 1 {
		t.Errorf("%d pairs repeat a text, want 1", n)
	}
}

func inOrder(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}
