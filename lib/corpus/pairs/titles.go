package pairs

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"paperlab/lib/corpus"
)

// FromTitles pairs each paper's title with its abstract, in the order of papers: what a question has to do with its answer, where
// the study's pairs are two answers. An abstract that begins with the title, as in some collections, goes on after it here:
// a text is found by its own beginning without any learning. A paper without title or abstract is left out.
func FromTitles(papers []corpus.Paper) []Pair {
	var pairs []Pair
	for _, p := range papers {
		if abstract := behindTitle(p); p.Title != "" && abstract != "" {
			pairs = append(pairs, Pair{Text1: p.Title, Text2: abstract})
		}
	}
	return pairs
}

// behindTitle is the abstract, from behind the title on where it repeats that.
func behindTitle(p corpus.Paper) string {
	rest, repeated := strings.CutPrefix(p.Abstract, p.Title)
	if next, _ := utf8.DecodeRuneInString(rest); !repeated || unicode.IsLetter(next) {
		return strings.TrimSpace(p.Abstract)
	}
	return strings.TrimSpace(rest)
}
