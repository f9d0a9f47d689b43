package unigram

import (
	"math"

	"paperlab/lib/tokenize/internal/trie"
)

// Segmenter cuts a text into the most probable pieces, by the Viterbi algorithm, while the text is still coming in: a
// piece is given out as soon as every path goes through its end, so reading can stop when enough of them are there.
// The result does not depend on how the text is cut into writes.
//
// A Segmenter belongs to one goroutine. Reset makes it ready for another text.
type Segmenter struct {
	m    *Model
	text []byte // what has come in since the last cut
	// ends[i] is the end of the best path to text[:i]; ends[0] is the last cut.
	ends    []pathEnd
	at      int  // every start before it has been followed
	reach   int  // the furthest end that a piece has reached
	unknown bool // the last id given out was the unknown one
	ids     []int
	path    []int32 // scratch of cut
}

// pathEnd is the last piece of the best path to a place.
type pathEnd struct {
	score float64
	width int32 // in bytes; 0 marks a place that no piece has reached yet
	id    int32
}

// NewSegmenter returns a segmenter for m.
func (m *Model) NewSegmenter() *Segmenter {
	s := &Segmenter{m: m, ends: make([]pathEnd, 1, 1024)}
	s.Reset()
	return s
}

// Reset forgets the text and its ids.
func (s *Segmenter) Reset() {
	s.ids = s.ids[:0]
	s.Restart()
}

// Restart begins a new text and keeps the ids given out so far. What was written without a Flush is dropped.
func (s *Segmenter) Restart() {
	s.text = s.text[:0]
	s.ends = s.ends[:1]
	s.ends[0] = pathEnd{}
	s.at, s.reach, s.unknown = 0, 0, false
}

// IDs returns the ids given out since Reset, valid until the next call. A run of characters that have no piece has one
// unknown id.
func (s *Segmenter) IDs() []int { return s.ids }

// Write takes more of the text, which must be valid UTF-8 and cut between characters.
func (s *Segmenter) Write(text []byte) {
	s.text = append(s.text, text...)
	// Any start that is followed now must see the whole of the longest piece.
	s.follow(len(s.text) - s.m.longest)
}

// Flush says that the text has ended: what is left is given out, and Restart or Reset must follow.
func (s *Segmenter) Flush() {
	s.follow(len(s.text) - 1)
	s.cut(len(s.text))
}

// follow extends the paths from every start up to and including last.
func (s *Segmenter) follow(last int) {
	if need := len(s.text) + 1; need > cap(s.ends) {
		s.ends = append(make([]pathEnd, 0, 2*need), s.ends...)
	}
	s.ends = s.ends[:len(s.text)+1]
	m, text, ends := s.m, s.text, s.ends
	from := 0
	for s.at <= last {
		start := s.at
		if start == s.reach { // no piece crosses this place: the path to it is final
			from = start
		}
		if m.precision == Single && math.Abs(ends[start].score) > largestScore {
			s.rebase(start)
		}
		width := min(runeWidth(text[start]), len(text)-start)
		score := ends[start].score
		hasRune := false
		node := trie.Root
		for i, c := range text[start:] {
			if node = m.trie.Step(node, c); node < 0 {
				break
			}
			id := m.trie.Value(node)
			if id < 0 {
				continue
			}
			s.extend(start, start+i+1, id, m.round(score+m.scores[id]))
			hasRune = hasRune || i+1 == width
		}
		if !hasRune {
			s.extend(start, start+width, m.unknown, m.round(score+m.unknownScore))
		}
		s.at += width
	}
	if from > 0 {
		s.cut(from)
	}
}

// rebase makes the score at start zero and keeps the differences between the open paths, as sentencepiece 0.2.3 does:
// in long texts the choice between nearly equal paths hangs on the rounding.
func (s *Segmenter) rebase(start int) {
	offset := s.ends[start].score
	for i := start; i <= s.reach; i++ {
		if i == start || s.ends[i].width > 0 {
			s.ends[i].score = s.m.round(s.ends[i].score - offset)
		}
	}
}

// extend offers a path to end whose last piece is id.
func (s *Segmenter) extend(start, end int, id int32, score float64) {
	for s.reach < end {
		s.reach++
		s.ends[s.reach].width = 0
	}
	if e := &s.ends[end]; e.width == 0 || score > e.score {
		*e = pathEnd{score: score, width: int32(end - start), id: id}
	}
}

// cut gives out the best path to text[:end] and forgets that text.
func (s *Segmenter) cut(end int) {
	s.path = s.path[:0]
	for at := end; at > 0; at -= int(s.ends[at].width) {
		s.path = append(s.path, s.ends[at].id)
	}
	for i := len(s.path) - 1; i >= 0; i-- {
		unknown := s.path[i] == s.m.unknown
		if !unknown || !s.unknown {
			s.ids = append(s.ids, int(s.path[i]))
		}
		s.unknown = unknown
	}
	s.text = s.text[:copy(s.text, s.text[end:])]
	s.ends = s.ends[:copy(s.ends, s.ends[end:])]
	s.at, s.reach = s.at-end, s.reach-end
}

// largestScore is where 32 bits begin to be too few for the score of a path (kScoreResetThreshold).
const largestScore = 100000

// runeWidth is the length in bytes of the character that begins with first.
func runeWidth(first byte) int {
	switch {
	case first < 0x80:
		return 1
	case first < 0xe0:
		return 2
	case first < 0xf0:
		return 3
	}
	return 4
}
