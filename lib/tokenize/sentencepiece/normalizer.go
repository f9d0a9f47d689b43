package sentencepiece

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// space is what stands for a space in the pieces of a vocabulary: U+2581.
const space = "▁"

// Normalizer rewrites a text as the pieces of a model are written: rules applied, runs of spaces made one, spaces as
// "▁", one before the text. It follows sentencepiece's normalizer.cc. It is immutable and may be shared between
// goroutines.
type Normalizer struct {
	charsmap     *Charsmap
	prefix       bool                // add_dummy_prefix
	removeSpaces bool                // remove_extra_whitespaces
	space        string              // "▁", or " " without escape_whitespaces
	plain        [utf8.RuneSelf]bool // ASCII that no rule begins with, unless other than ASCII follows
}

// NewNormalizer returns the normaliser that m describes. It refuses a charsmap that cannot be read.
func (m *Model) NewNormalizer() (*Normalizer, error) {
	charsmap, err := ParseCharsmap(m.Charsmap)
	if err != nil {
		return nil, err
	}
	n := &Normalizer{charsmap: charsmap, prefix: m.AddDummyPrefix, removeSpaces: m.RemoveExtraWhitespaces, space: " "}
	if m.EscapeWhitespaces {
		n.space = space
	}
	for c := range n.plain {
		n.plain[c] = c != ' ' && !charsmap.startsASCII(byte(c))
	}
	return n, nil
}

// Normalize returns the whole of text normalised. A byte that is no valid UTF-8 becomes U+FFFD first.
func (n *Normalizer) Normalize(text string) string {
	var out []byte
	s := n.Stream(text)
	for more := true; more; {
		out, more = s.Next(out, len(text))
	}
	return string(out)
}

// Stream normalises a text piece by piece. It belongs to one goroutine.
type Stream struct {
	n      *Normalizer
	text   string // what is still to be read
	spaced bool   // a space has just been read: further ones are dropped
	held   int    // spaces that end what has been written, dropped if nothing follows
}

// Stream begins the normalisation of text.
func (n *Normalizer) Stream(text string) *Stream {
	s := &Stream{n: n, text: text, spaced: n.removeSpaces}
	if n.removeSpaces {
		for s.text != "" {
			r, width := n.first(s.text)
			if r != " " {
				break
			}
			s.text = s.text[width:]
		}
	}
	if n.prefix && s.text != "" {
		s.held = 1
	}
	return s
}

// Next reads about size bytes of the text, appends them to out normalised, and says whether any text is left. What it
// appends never ends within a character.
func (s *Stream) Next(out []byte, size int) (_ []byte, more bool) {
	from := len(out)
	for ; s.held > 0 && s.text != ""; s.held-- {
		out = append(out, s.n.space...)
	}
	stop := max(0, len(s.text)-max(1, size))
	for len(s.text) > stop {
		if run := s.n.plainRun(s.text, len(s.text)-stop); run > 0 {
			out = append(out, s.text[:run]...)
			s.text = s.text[run:]
			s.spaced = false
			continue
		}
		r, width := s.n.first(s.text)
		s.text = s.text[width:]
		out = s.append(out, r)
	}
	if s.n.removeSpaces { // a text does not end in spaces: hold them back until more follows
		for bytes.HasSuffix(out[from:], []byte(s.n.space)) {
			out = out[:len(out)-len(s.n.space)]
			s.held++
		}
	}
	return out, s.text != ""
}

// append writes one normalised prefix.
func (s *Stream) append(out []byte, r string) []byte {
	if s.spaced {
		r = strings.TrimLeft(r, " ")
	}
	if r == "" {
		return out
	}
	for i := range len(r) {
		if r[i] == ' ' {
			out = append(out, s.n.space...)
		} else {
			out = append(out, r[i])
		}
	}
	s.spaced = s.n.removeSpaces && r[len(r)-1] == ' '
	return out
}

// plainRun counts the bytes within the first limit of text that stay as they are and end before ASCII.
func (n *Normalizer) plainRun(text string, limit int) int {
	i := 0
	for i < limit && text[i] < utf8.RuneSelf && n.plain[text[i]] {
		i++
	}
	if i > 0 && i < len(text) && text[i] >= utf8.RuneSelf {
		i-- // a rule may join it with what follows
	}
	return i
}

// first normalises the shortest prefix of text that can be normalised by itself, and returns its width in bytes.
func (n *Normalizer) first(text string) (normalized string, width int) {
	if r, width := n.charsmap.Longest(text); width > 0 {
		return r, width
	}
	r, width := utf8.DecodeRuneInString(text)
	if r == utf8.RuneError && width == 1 {
		const replacement = string(utf8.RuneError)
		if r, width := n.charsmap.Longest(replacement); width == len(replacement) {
			return r, 1
		}
		return replacement, 1
	}
	return text[:width], width
}
