package tokenize

import (
	"strings"
	"sync"

	"paperlab/lib/tokenize/sentencepiece"
	"paperlab/lib/tokenize/unigram"
)

// readAhead is how many bytes of a text are normalised at a time: reading stops within that many of the last id needed.
const readAhead = 512

// sentencePiece is the model of T5's spiece.model as transformers' T5Tokenizer uses it with legacy=True.
type sentencePiece struct {
	file       *sentencepiece.Model
	normalizer *sentencepiece.Normalizer
	scratch    *sync.Pool // of *unigramScratch
}

// unigramScratch is what one call of encode works in.
type unigramScratch struct {
	segmenter *unigram.Segmenter
	text      []byte
}

func newScratchPool(m *unigram.Model) *sync.Pool {
	return &sync.Pool{New: func() any { return &unigramScratch{segmenter: m.NewSegmenter()} }}
}

func (m *sentencePiece) encode(ids []int, text string, limit int) []int {
	s := m.scratch.Get().(*unigramScratch)
	defer m.scratch.Put(s)
	s.segmenter.Reset()
	stream := m.normalizer.Stream(text)
	for more := true; more && len(s.segmenter.IDs()) < limit; {
		s.text, more = stream.Next(s.text[:0], readAhead)
		s.segmenter.Write(s.text)
		if !more {
			s.segmenter.Flush()
		}
	}
	return append(ids, s.segmenter.IDs()...)
}

// decode follows _decode of tokenization_utils.py and convert_tokens_to_string of tokenization_t5.py: tokens beyond the
// vocabulary (<extra_id_0>) stand between spaces, special ones within it have a space before the text before them.
func (m *sentencePiece) decode(tokens []token) string {
	var parts []string
	for len(tokens) > 0 {
		n := 0
		for n < len(tokens) && tokens[n].id < len(m.file.Pieces) {
			n++
		}
		if n > 0 {
			text := m.join(tokens[:n])
			if text != "" || n == len(tokens) {
				parts = append(parts, text)
			}
			tokens = tokens[n:]
			continue
		}
		parts = append(parts, tokens[0].text)
		tokens = tokens[1:]
	}
	return strings.Join(parts, " ")
}

// join is convert_tokens_to_string.
func (m *sentencePiece) join(tokens []token) string {
	var out, piece strings.Builder
	afterSpecial := false
	for _, t := range tokens {
		if !t.special {
			m.writePiece(&piece, t)
			afterSpecial = false
			continue
		}
		if !afterSpecial {
			out.WriteByte(' ')
		}
		out.WriteString(piece.String())
		out.WriteString(t.text)
		piece.Reset()
		afterSpecial = true
	}
	out.WriteString(piece.String())
	return strings.TrimFunc(out.String(), isSpace)
}

// writePiece is sentencepiece's decoding of one piece: spaces that would begin the text are dropped.
func (m *sentencePiece) writePiece(text *strings.Builder, t token) {
	switch m.file.Pieces[t.id].Type {
	case sentencepiece.Control:
		return
	case sentencepiece.Unknown:
		text.WriteString(" ⁇ ")
		return
	}
	piece := t.text
	if text.Len() == 0 && (m.file.AddDummyPrefix || m.file.RemoveExtraWhitespaces) {
		piece = strings.TrimPrefix(piece, "▁")
	}
	text.WriteString(strings.ReplaceAll(piece, "▁", " "))
}
