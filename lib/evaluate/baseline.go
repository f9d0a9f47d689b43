package evaluate

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// Lead returns the first k sentences of a text, one a line as ROUGE-Lsum wants them: the baseline lead-k. In papers it is
// hard to beat with k = 3; lead-1 suits data whose summary is one sentence. Shorter texts come back whole.
func Lead(text string, k int) string {
	sentences := Sentences(text)
	return strings.Join(sentences[:min(max(k, 0), len(sentences))], "\n")
}

// Random returns k sentences of a text that rng picks, in the text's order, one a line: the floor that any summary must
// rise above. Shorter texts come back whole. rng decides whether Random may be called by several goroutines.
func Random(rng *rand.Rand, text string, k int) string {
	sentences := Sentences(text)
	picked := rng.Perm(len(sentences))[:min(max(k, 0), len(sentences))]
	slices.Sort(picked)
	summary := make([]string, len(picked))
	for i, p := range picked {
		summary[i] = sentences[p]
	}
	return strings.Join(summary, "\n")
}
