package pairs

import "paperlab/lib/corpus"

// FromTitles pairs each paper's title with its abstract, in the order of papers: what a question has to do with its answer, where
// the study's pairs are two answers. A paper without title or abstract is left out.
func FromTitles(papers []corpus.Paper) []Pair {
	var pairs []Pair
	for _, p := range papers {
		if p.Title != "" && p.Abstract != "" {
			pairs = append(pairs, Pair{Text1: p.Title, Text2: p.Abstract})
		}
	}
	return pairs
}
