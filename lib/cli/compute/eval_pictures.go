package compute

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"paperlab/lib/corpus"
)

// What of the papers is drawn: as many as have room for their titles, and categories for which there are colours.
const (
	mappedPapers, mappedGroups = 150, 6
	heatPapers                 = 16
	titleDrawn                 = 21 // characters
)

// titles are papers with the vectors of their titles by one model.
type titles struct {
	model   string
	papers  []corpus.Paper
	vectors []float32 // one after the other
}

// pick returns the titles of the papers whose numbers are given.
func (t titles) pick(numbers []int) (vectors []float32, names []string) {
	dim := len(t.vectors) / len(t.papers)
	for _, i := range numbers {
		vectors, names = append(vectors, t.vectors[i*dim:(i+1)*dim]...), append(names, shorten(t.papers[i].Title, titleDrawn))
	}
	return vectors, names
}

// pictures draws where the titles lie to a model, and how similar some of them are to it.
func (t titles) pictures(draw Drawing) ([]Picture, error) {
	numbers, groups := byCategory(t.papers[:min(mappedPapers, len(t.papers))])
	vectors, names := t.pick(numbers)
	plane, err := draw.Map("Titles, "+t.model+" model", vectors, names, groups)
	if err != nil {
		return nil, err
	}
	numbers, _ = byCategory(t.papers[:min(heatPapers, len(t.papers))])
	vectors, names = t.pick(numbers)
	heat, err := draw.HeatMap("Similarity of titles, "+t.model+" model", vectors, names)
	if err != nil {
		return nil, err
	}
	key := strings.ReplaceAll(t.model, "-", "_")
	return []Picture{
		{Key: "map/" + key, Caption: "the first two principal components of the titles' vectors", PNG: plane},
		{Key: "similarity/" + key, Caption: "the cosines of the first papers' titles, those of one category together", PNG: heat},
	}, nil
}

// picture draws a test's measures, before and after.
func (o outcome) picture(draw Drawing) (Picture, error) {
	names, before, after := o.Series()
	content, err := draw.Bars("Test "+o.name, names, before, after)
	var differences []string
	for _, p := range o.Measures {
		differences = append(differences, fmt.Sprintf("%s %+.4f (%+.4f to %+.4f)", p.Measure, p.Difference.Mean, p.Difference.Low, p.Difference.High))
	}
	return Picture{Key: o.name + "/measures", Caption: "differences with 95 % intervals: " + strings.Join(differences, ", "), PNG: content}, err
}

// byCategory puts papers in the order of their main categories, the most frequent first, and names the category of each: those
// beyond the most frequent count as one.
func byCategory(papers []corpus.Paper) (numbers []int, groups []string) {
	count := map[string]int{}
	main := func(p corpus.Paper) string { return cmp.Or(p.MainCategory(), "no category") }
	for _, p := range papers {
		count[main(p)]++
	}
	frequent := make([]string, 0, len(count))
	for category := range count {
		frequent = append(frequent, category)
	}
	slices.SortFunc(frequent, func(a, b string) int { return cmp.Or(count[b]-count[a], strings.Compare(a, b)) })
	for i, category := range frequent {
		shown := category
		if i >= mappedGroups {
			shown = "other"
		}
		for number, p := range papers {
			if main(p) == category {
				numbers, groups = append(numbers, number), append(groups, shown)
			}
		}
	}
	return numbers, groups
}
