package pairs_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/corpus"
	"paperlab/lib/corpus/pairs"
)

func TestFromTitlesPairsTitlesWithTheirAbstracts(t *testing.T) {
	got := pairs.FromTitles([]corpus.Paper{{Title: "Trees", Abstract: "We count them."}, {Title: "No abstract"}, {Abstract: "No title."}, {Title: "b", Abstract: "c"},
		{Title: "On stars .", Abstract: "On stars . They are hot ."}, {Title: "Alone", Abstract: "Alone"}, {Title: "On", Abstract: "Once more."}})
	if want := []pairs.Pair{{Text1: "Trees", Text2: "We count them."}, {Text1: "b", Text2: "c"}, {Text1: "On stars .", Text2: "They are hot ."}, {Text1: "On", Text2: "Once more."}}; !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestFromMainCategoryPairsEachPaperOnce(t *testing.T) {
	papers := slices.Concat(papersOf("cs.CL cs.AI", 4), papersOf("cs.CL", 3), papersOf("cs.AI cs.CL", 6), papersOf("hep-ph", 1), papersOf(" ", 2))
	seen := map[string]bool{}
	got := pairs.FromMainCategory(papers, pairs.Options{Seed: 42})
	for _, pair := range got {
		for _, text := range []string{pair.Text1, pair.Text2} {
			if seen[text] {
				t.Errorf("%q is in two pairs", text)
			}
			seen[text] = true
		}
		if strings.Fields(pair.Text1)[0] != strings.Fields(pair.Text2)[0] {
			t.Errorf("%+v are of two main categories", pair)
		}
	}
	if len(got) != 6 { // 7 papers of cs.CL, 6 of cs.AI
		t.Errorf("%d pairs, want 6", len(got))
	}
	if cut := pairs.FromMainCategory(papers, pairs.Options{PerGroup: 2, Seed: 42}); len(cut) != 2 {
		t.Errorf("%d pairs of two papers a category, want 2", len(cut))
	}
	if !reflect.DeepEqual(got, pairs.FromMainCategory(papers, pairs.Options{Seed: 42})) {
		t.Error("the same seed gave other pairs")
	}
}
