package unigram

import (
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"paperlab/lib/tokenize/internal/trie"
)

// unknownPenalty is how much worse than the worst piece a character without one scores (kUnkPenalty in sentencepiece's
// unigram_model.cc, K_UNK_PENALTY in tokenizers' unigram model).
const unknownPenalty = 10

// A Piece is an entry of the vocabulary: a string and the logarithm of its probability.
type Piece struct {
	Text  string
	Score float64
	// Reserved pieces (control symbols, the unknown piece) have an id but are never found in a text.
	Reserved bool
}

// Precision says in which floating-point type the score of a path is kept. It matters where two paths score nearly the
// same: the peers' choices are only met with their rounding.
type Precision int

const (
	// Single rounds the score of every path to 32 bits, and carries it on through a whole text, as sentencepiece does.
	Single Precision = iota
	// Double keeps 64 bits, as Hugging Face tokenizers does.
	Double
)

// Model is a unigram language model over a fixed vocabulary. It is immutable and may be shared between goroutines; each
// of them takes its own Segmenter.
type Model struct {
	trie         *trie.Trie
	scores       []float64 // by id
	longest      int       // bytes of the longest piece
	unknown      int32
	unknownScore float64
	precision    Precision
}

// New makes a model in which the id of a piece is its index, and unknown the id of every character without a piece. It
// refuses an empty vocabulary, pieces that are no valid UTF-8, come twice or have a score that is no finite number, and
// an unknown id outside the vocabulary.
func New(pieces []Piece, unknown int, precision Precision) (*Model, error) {
	if unknown < 0 || unknown >= len(pieces) {
		return nil, fmt.Errorf("unigram: unknown id %d outside a vocabulary of %d pieces", unknown, len(pieces))
	}
	m := &Model{scores: make([]float64, len(pieces)), unknown: int32(unknown), precision: precision}
	texts := make([]string, len(pieces))
	lowest := math.Inf(1)
	for i, p := range pieces {
		if p.Reserved {
			continue
		}
		if !utf8.ValidString(p.Text) || p.Text == "" {
			return nil, fmt.Errorf("unigram: piece %d, %q, is empty or no valid UTF-8", i, p.Text)
		}
		if math.IsNaN(p.Score) || math.IsInf(p.Score, 0) {
			return nil, fmt.Errorf("unigram: piece %d, %q, has the score %v", i, p.Text, p.Score)
		}
		texts[i], m.scores[i] = p.Text, p.Score
		m.longest = max(m.longest, len(p.Text))
		lowest = min(lowest, p.Score)
	}
	if m.longest == 0 {
		return nil, errors.New("unigram: the vocabulary has no piece that could be found in a text")
	}
	m.unknownScore = m.round(lowest - unknownPenalty)
	var err error
	if m.trie, err = trie.Build(texts); err != nil {
		return nil, fmt.Errorf("unigram: vocabulary: %w", err)
	}
	return m, nil
}

// round brings a score to the model's precision.
func (m *Model) round(score float64) float64 {
	if m.precision == Single {
		return float64(float32(score))
	}
	return score
}
