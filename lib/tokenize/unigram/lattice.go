package unigram

import (
	"math"
	"slices"

	"paperlab/lib/tokenize/internal/trie"
)

// lattice holds every way to write a word in pieces. It is used again for the next word.
type lattice struct {
	edges   []edge // by start
	size    int    // bytes of the word
	forward []float64
	back    []float64
	last    []int // of the best path to each place, the index of the last edge
}

// edge is a piece between two places of a word; the unknown id stands for a character without a piece.
type edge struct {
	start, end int
	id         int32
	score      float64
}

// fill sets the lattice to the ways that m has to write text.
func (l *lattice) fill(m *Model, text string) {
	l.edges, l.size = l.edges[:0], len(text)
	for start := 0; start < len(text); {
		width := runeWidth(text[start])
		hasRune := false
		node := trie.Root
		for end := start; end < len(text); {
			if node = m.trie.Step(node, text[end]); node < 0 {
				break
			}
			end++
			if id := m.trie.Value(node); id >= 0 {
				l.edges = append(l.edges, edge{start, end, id, m.scores[id]})
				hasRune = hasRune || end-start == width
			}
		}
		if !hasRune {
			l.edges = append(l.edges, edge{start, start + width, m.unknown, m.unknownScore})
		}
		start += width
	}
}

// expect adds to expected, by id, how often each piece is expected to occur in the word, times count: the probability
// of every edge by the forward-backward algorithm, with logarithms as long words have tiny probabilities.
func (l *lattice) expect(count float64, expected []float64) {
	l.forward = fillInf(l.forward, l.size+1)
	l.back = fillInf(l.back, l.size+1)
	l.forward[0], l.back[l.size] = 0, 0
	for _, e := range l.edges {
		l.forward[e.end] = logAdd(l.forward[e.end], l.forward[e.start]+e.score)
	}
	for _, e := range slices.Backward(l.edges) {
		l.back[e.start] = logAdd(l.back[e.start], l.back[e.end]+e.score)
	}
	all := l.forward[l.size]
	for _, e := range l.edges {
		if int(e.id) < len(expected) {
			expected[e.id] += count * math.Exp(l.forward[e.start]+e.score+l.back[e.end]-all)
		}
	}
}

// best calls visit with the ids of the most probable path that does without the piece skip, last one first, and
// returns the path's score: minus infinity where there is no path.
func (l *lattice) best(skip int32, visit func(id int32)) float64 {
	l.forward = fillInf(l.forward, l.size+1)
	l.forward[0] = 0
	l.last = append(l.last[:0], make([]int, l.size+1)...)
	for i, e := range l.edges {
		if score := l.forward[e.start] + e.score; e.id != skip && score > l.forward[e.end] {
			l.forward[e.end], l.last[e.end] = score, i
		}
	}
	score := l.forward[l.size]
	if math.IsInf(score, -1) {
		return score
	}
	for at := l.size; at > 0; at = l.edges[l.last[at]].start {
		visit(l.edges[l.last[at]].id)
	}
	return score
}

// fillInf returns a slice of n times minus infinity, the logarithm of nothing.
func fillInf(s []float64, n int) []float64 {
	s = slices.Grow(s[:0], n)[:n]
	for i := range s {
		s[i] = math.Inf(-1)
	}
	return s
}

// logAdd returns the logarithm of the sum of what a and b are the logarithms of.
func logAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}
