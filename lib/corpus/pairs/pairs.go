package pairs

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"paperlab/lib/corpus"
)

// Pair is two texts that belong together. It is a plain value and may be shared.
type Pair struct {
	Text1 string `json:"text1"`
	Text2 string `json:"text2"`
}

// Texts returns the first texts of pairs, and the second ones, as [paperlab/lib/sentence.Model.Pairs] takes them.
func Texts(pairs []Pair) (first, second []string) {
	for _, p := range pairs {
		first, second = append(first, p.Text1), append(second, p.Text2)
	}
	return first, second
}

// Options are the settings of FromCategories.
type Options struct {
	PerGroup int // papers drawn from each group at most; 0 stands for the study's 200
	Seed     uint64
}

// Text is what a paper contributes to a pair, and what is indexed of it: title, space, abstract.
func Text(p corpus.Paper) string { return p.Title + " " + p.Abstract }

// FromCategories groups papers by their exact categories, so that "cs.CL cs.AI" and "cs.AI cs.CL" differ. From each
// group, in sorted order, it draws at most PerGroup papers at random; in the drawn order neighbours make pairs, the
// first with the second, the second with the third and so on. All pairs come back shuffled. A paper without title,
// abstract or categories is left out. The same papers and Options give the same pairs.
func FromCategories(papers []corpus.Paper, o Options) []Pair {
	if o.PerGroup == 0 {
		o.PerGroup = 200
	}
	groups := map[string][]string{}
	for _, p := range papers {
		if p.Title != "" && p.Abstract != "" && p.Categories != "" {
			groups[p.Categories] = append(groups[p.Categories], Text(p))
		}
	}
	rng := rand.New(rand.NewPCG(o.Seed, 0))
	var pairs []Pair
	for _, categories := range slices.Sorted(maps.Keys(groups)) {
		texts := groups[categories]
		drawn := rng.Perm(len(texts))[:min(len(texts), max(o.PerGroup, 0))]
		for i := 1; i < len(drawn); i++ {
			pairs = append(pairs, Pair{Text1: texts[drawn[i-1]], Text2: texts[drawn[i]]})
		}
	}
	rng.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
	return pairs
}

// Split holds a fraction of the pairs out for validation: drawn at random by seed, rounded up to a whole pair, both
// parts in the order of pairs, which stays as it is. Parts share no pair, but a paper has two pairs and may stand in
// both. Split fails unless 0 <= fraction < 1.
func Split(pairs []Pair, fraction float64, seed uint64) (train, validation []Pair, err error) {
	if !(fraction >= 0 && fraction < 1) {
		return nil, nil, fmt.Errorf("pairs: hold out a fraction of %v: it must be at least 0 and below 1", fraction)
	}
	held := make([]bool, len(pairs))
	number := int(math.Ceil(fraction * float64(len(pairs))))
	for _, i := range rand.New(rand.NewPCG(seed, 0)).Perm(len(pairs))[:number] {
		held[i] = true
	}
	for i, pair := range pairs {
		if held[i] {
			validation = append(validation, pair)
		} else {
			train = append(train, pair)
		}
	}
	return train, validation, nil
}
