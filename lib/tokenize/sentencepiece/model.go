package sentencepiece

import (
	"errors"
	"fmt"
	"slices"

	"paperlab/lib/tokenize/unigram"
)

// PieceType says how a piece takes part in segmentation, as in sentencepiece_model.proto.
type PieceType int

// The types of pieces. Those that are not named here (user-defined, byte) are refused.
const (
	Normal  PieceType = 1
	Unknown PieceType = 2
	Control PieceType = 3
	Unused  PieceType = 5
)

// A Piece is an entry of the vocabulary.
type Piece struct {
	Text  string
	Score float32
	Type  PieceType
}

// Model is what a spiece.model file holds: a unigram vocabulary, in the order of its ids, and how a text is normalised
// before it is cut into pieces.
type Model struct {
	Pieces                 []Piece
	NormalizerName         string
	Charsmap               []byte // precompiled rules; none: nothing is replaced
	AddDummyPrefix         bool   // a space before the text
	RemoveExtraWhitespaces bool
	EscapeWhitespaces      bool // spaces as "▁"
}

// ID returns the id of the piece with a text.
func (m *Model) ID(text string) (int, bool) {
	i := slices.IndexFunc(m.Pieces, func(p Piece) bool { return p.Text == text })
	return i, i >= 0
}

// NewUnigram returns the language model of the pieces. It refuses a vocabulary that has not exactly one unknown piece,
// and what unigram.New refuses.
func (m *Model) NewUnigram() (*unigram.Model, error) {
	unknown := -1
	pieces := make([]unigram.Piece, len(m.Pieces))
	for i, p := range m.Pieces {
		pieces[i] = unigram.Piece{Text: p.Text, Score: float64(p.Score), Reserved: p.Type != Normal}
		switch p.Type {
		case Normal, Control, Unused:
		case Unknown:
			if unknown >= 0 {
				return nil, fmt.Errorf("sentencepiece: pieces %d and %d are both the unknown one", unknown, i)
			}
			unknown = i
		default:
			return nil, fmt.Errorf("sentencepiece: piece %d, %q, has the type %d: user-defined and byte pieces are not supported", i, p.Text, p.Type)
		}
	}
	if unknown < 0 {
		return nil, errors.New("sentencepiece: the vocabulary has no unknown piece")
	}
	return unigram.New(pieces, unknown, unigram.Single)
}
