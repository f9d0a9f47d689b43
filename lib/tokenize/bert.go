package tokenize

import (
	"strings"

	"paperlab/lib/tokenize/wordpiece"
)

// wordPiece is BERT's model.
type wordPiece struct {
	splitter wordpiece.Splitter
	model    *wordpiece.Model
	prefix   string
	cleanUp  bool // the decoder's own clean-up, token by token
}

func (m *wordPiece) encode(ids []int, text string, limit int) []int {
	end := len(ids) + min(limit, len(text)+1)
	for word := range m.splitter.Words(text) {
		if len(ids) >= end {
			break
		}
		ids = m.model.Append(ids, word)
	}
	return ids
}

// decode is tokenizers' WordPiece decoder.
func (m *wordPiece) decode(tokens []token) string {
	var out strings.Builder
	for i, t := range tokens {
		text, within := strings.CutPrefix(t.text, m.prefix)
		switch {
		case i == 0:
			text = t.text
		case !within:
			text = " " + text
		}
		if m.cleanUp {
			text = cleanUp(text)
		}
		out.WriteString(text)
	}
	return out.String()
}
