package pairs_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/corpus"
	"paperlab/lib/corpus/pairs"
)

// papersOf makes n papers of some categories, each with its own title.
func papersOf(categories string, n int) []corpus.Paper {
	papers := make([]corpus.Paper, n)
	for i := range papers {
		papers[i] = corpus.Paper{Title: fmt.Sprintf("%s %d", categories, i), Abstract: "text", Categories: categories}
	}
	return papers
}

func TestFromCategoriesCountsPairs(t *testing.T) {
	incomplete := []corpus.Paper{{Title: "a", Categories: "x"}, {Abstract: "b", Categories: "x"}, {Title: "c", Abstract: "d"}}
	for _, c := range []struct {
		name     string
		papers   []corpus.Paper
		perGroup int
		want     int
	}{
		{"no papers give none", nil, 200, 0},
		{"a paper alone gives none", papersOf("x", 1), 200, 0},
		{"two papers give one", papersOf("x", 2), 200, 1},
		{"a group gives one fewer than its papers", papersOf("x", 7), 200, 6},
		{"a large group is cut", papersOf("x", 300), 200, 199},
		{"a group of zero limit is cut at 200", papersOf("x", 300), 0, 199},
		{"a limit of one gives none", papersOf("x", 5), 1, 0},
		{"a negative limit gives none", papersOf("x", 5), -3, 0},
		{"the order of categories matters", append(papersOf("x y", 2), papersOf("y x", 2)...), 200, 2},
		{"papers without title, abstract or categories are left out", append(incomplete, papersOf("x", 2)...), 200, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := pairs.FromCategories(c.papers, pairs.Options{PerGroup: c.perGroup, Seed: 42})
			if len(got) != c.want {
				t.Errorf("%d pairs, want %d", len(got), c.want)
			}
		})
	}
}

func TestFromCategoriesChainsThePapersOfEachGroup(t *testing.T) {
	papers := append(papersOf("cs.CL", 50), papersOf("hep-ph", 30)...)
	got := pairs.FromCategories(papers, pairs.Options{PerGroup: 20, Seed: 1})
	first, second := map[string]int{}, map[string]int{}
	for _, pair := range got {
		group := func(text string) string { return strings.Fields(text)[0] }
		if group(pair.Text1) != group(pair.Text2) || pair.Text1 == pair.Text2 {
			t.Errorf("%+v are not two papers of one group", pair)
		}
		first[pair.Text1]++
		second[pair.Text2]++
	}
	for text, n := range first {
		if n != 1 || second[text] > 1 {
			t.Errorf("%q comes first %d times and second %d times", text, n, second[text])
		}
	}
	if len(got) != 38 || len(first) != 38 {
		t.Errorf("%d pairs with %d first texts, want 38", len(got), len(first))
	}
	inOrder := slices.IsSortedFunc(got, func(a, b pairs.Pair) int {
		return strings.Compare(strings.Fields(a.Text1)[0], strings.Fields(b.Text1)[0])
	})
	if inOrder {
		t.Error("the pairs of the two groups are not shuffled")
	}
}

func TestFromCategoriesRepeatsItselfWithItsSeed(t *testing.T) {
	papers := append(papersOf("a", 40), papersOf("b", 40)...)
	with := func(seed uint64) []pairs.Pair {
		return pairs.FromCategories(papers, pairs.Options{PerGroup: 30, Seed: seed})
	}
	if !reflect.DeepEqual(with(42), with(42)) {
		t.Error("the same seed gave other pairs")
	}
	if reflect.DeepEqual(with(42), with(43)) {
		t.Error("another seed gave the same pairs")
	}
}

func TestSplit(t *testing.T) {
	all := pairs.FromCategories(papersOf("x", 102), pairs.Options{})
	for _, c := range []struct {
		name     string
		pairs    []pairs.Pair
		fraction float64
		held     int
	}{
		{"a tenth is rounded up", all, 0.1, 11},
		{"nothing is held out", all, 0, 0},
		{"one pair of two", all[:2], 0.1, 1},
		{"no pairs", nil, 0.1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			train, validation, err := pairs.Split(c.pairs, c.fraction, 42)
			if err != nil {
				t.Fatal(err)
			}
			if len(validation) != c.held || len(train) != len(c.pairs)-c.held {
				t.Errorf("%d for training and %d held out", len(train), len(validation))
			}
			for _, pair := range validation {
				if slices.Contains(train, pair) {
					t.Errorf("%+v is in both parts", pair)
				}
			}
			again, _, err := pairs.Split(c.pairs, c.fraction, 42)
			if err != nil || !slices.Equal(train, again) {
				t.Errorf("the same seed gave another split (%v)", err)
			}
		})
	}
}

func TestSplitRefusesFractionsOutOfRange(t *testing.T) {
	for _, fraction := range []float64{-0.1, 1, 10, math.NaN()} {
		if _, _, err := pairs.Split(nil, fraction, 42); err == nil || !strings.Contains(err.Error(), "fraction") {
			t.Errorf("fraction %v: error %v", fraction, err)
		}
	}
}

func TestTextsAreTheColumnsOfPairs(t *testing.T) {
	first, second := pairs.Texts([]pairs.Pair{{Text1: "a", Text2: "b"}, {Text1: "c", Text2: "d"}})
	if !slices.Equal(first, []string{"a", "c"}) || !slices.Equal(second, []string{"b", "d"}) {
		t.Errorf("%q and %q", first, second)
	}
}
