package pairs

import (
	"maps"
	"math/rand/v2"
	"slices"

	"paperlab/lib/corpus"
)

// FromMainCategory pairs papers of the same main category, the first that a paper names: "cs.CL cs.AI" and "cs.CL" belong together,
// "cs.AI cs.CL" does not. Of each category it draws at most PerGroup papers at random, which make pairs two by two: unlike in
// [FromCategories] no paper is in two pairs, so that none is both the positive and the negative of another. All pairs come back
// shuffled. A paper without title, abstract or categories is left out. The same papers and Options give the same pairs.
func FromMainCategory(papers []corpus.Paper, o Options) []Pair {
	if o.PerGroup == 0 {
		o.PerGroup = 200
	}
	groups := map[string][]string{}
	for _, p := range papers {
		if category := p.MainCategory(); category != "" && p.Title != "" && p.Abstract != "" {
			groups[category] = append(groups[category], Text(p))
		}
	}
	rng := rand.New(rand.NewPCG(o.Seed, 0))
	var pairs []Pair
	for _, category := range slices.Sorted(maps.Keys(groups)) {
		texts := groups[category]
		drawn := rng.Perm(len(texts))[:min(len(texts), max(o.PerGroup, 0))]
		for i := 1; i < len(drawn); i += 2 {
			pairs = append(pairs, Pair{Text1: texts[drawn[i-1]], Text2: texts[drawn[i]]})
		}
	}
	rng.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
	return pairs
}
