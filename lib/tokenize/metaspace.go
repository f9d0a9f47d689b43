package tokenize

import (
	"bytes"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"paperlab/lib/tokenize/sentencepiece"
)

// space is what stands for a space in the pieces of a vocabulary.
const space = "▁"

// metaspace is the model of a T5 tokenizer.json as Hugging Face tokenizers runs it: characters replaced grapheme by
// grapheme (Precompiled), words cut at white space and given a "▁" (WhitespaceSplit, Metaspace), and every word
// segmented by itself.
type metaspace struct {
	charsmap   *sentencepiece.Charsmap
	prepend    bool       // "▁" before every word that has none
	dropFirst  bool       // decoding drops the "▁" of the first token
	splitWords bool       // cut at white space before "▁" takes the place of spaces
	stripRight bool       // no white space at the end
	joinSpaces bool       // a run of spaces becomes one "▁"
	scratch    *sync.Pool // of *unigramScratch
}

func (m *metaspace) encode(ids []int, text string, limit int) []int {
	s := m.scratch.Get().(*unigramScratch)
	defer m.scratch.Put(s)
	s.segmenter.Reset()
	if m.splitWords {
		m.encodeWords(s, text, limit)
	} else {
		m.encodeWhole(s, text, limit)
	}
	return append(ids, s.segmenter.IDs()...)
}

// encodeWords reads the text a stretch at a time, and segments the words that it holds whole.
func (m *metaspace) encodeWords(s *unigramScratch, text string, limit int) {
	s.text = s.text[:0]
	for len(s.segmenter.IDs()) < limit {
		s.text, text = m.normalize(s.text, text, readAhead)
		rest := s.text
		for len(s.segmenter.IDs()) < limit {
			rest = bytes.TrimLeftFunc(rest, unicode.IsSpace)
			end := bytes.IndexFunc(rest, unicode.IsSpace)
			if end < 0 {
				break
			}
			m.segment(s, rest[:end], limit)
			rest = rest[end:]
		}
		if text == "" {
			m.segment(s, rest, limit)
			return
		}
		s.text = s.text[:copy(s.text, rest)]
	}
}

// encodeWhole has only spaces, not other white space, become "▁".
func (m *metaspace) encodeWhole(s *unigramScratch, text string, limit int) {
	s.text, _ = m.normalize(s.text[:0], text, len(text))
	whole := s.text
	if m.stripRight {
		whole = bytes.TrimRightFunc(whole, unicode.IsSpace)
	}
	var marked []byte
	for i, c := range whole {
		switch {
		case c != ' ':
			marked = append(marked, c)
		case !m.joinSpaces || i == 0 || whole[i-1] != ' ':
			marked = append(marked, space...)
		}
	}
	m.segment(s, marked, limit)
}

// segment cuts a word before every "▁" and segments the parts, each by itself.
func (m *metaspace) segment(s *unigramScratch, word []byte, limit int) {
	marked := bytes.HasPrefix(word, []byte(space))
	if marked {
		word = word[len(space):]
	}
	marked = marked || m.prepend && len(word) > 0
	for (marked || len(word) > 0) && len(s.segmenter.IDs()) < limit {
		part, rest, more := bytes.Cut(word, []byte(space))
		s.segmenter.Restart()
		if marked {
			s.segmenter.Write([]byte(space))
		}
		s.segmenter.Write(part)
		s.segmenter.Flush()
		word, marked = rest, more
	}
}

// normalize appends at least size bytes of text to out with the rules of the charsmap applied, and returns what is left
// of the text.
func (m *metaspace) normalize(out []byte, text string, size int) (_ []byte, rest string) {
	stop := max(0, len(text)-size)
	for len(text) > stop {
		cluster := text[:1]
		if !isWholeCluster(text) {
			cluster, _, _, _ = uniseg.FirstGraphemeClusterInString(text, -1)
		}
		text = text[len(cluster):]
		out = m.appendCluster(out, cluster)
	}
	return out, text
}

// isWholeCluster says whether the first byte of text is a grapheme cluster, as ASCII is before other ASCII. "\r\n" is
// one of two characters.
func isWholeCluster(text string) bool {
	return text[0] < utf8.RuneSelf && (len(text) == 1 || text[1] < utf8.RuneSelf && text[0] != '\r')
}

// longestCluster is the length in bytes up to which tokenizers looks a grapheme cluster up as a whole.
const longestCluster = 5

// appendCluster replaces a cluster by the shortest rule that it begins with, else each of its characters.
func (m *metaspace) appendCluster(out []byte, cluster string) []byte {
	if len(cluster) <= longestCluster {
		if r, n := m.charsmap.Shortest(cluster); n > 0 {
			return append(out, r...)
		}
	}
	for _, char := range cluster { // an invalid byte is U+FFFD here
		var b [utf8.UTFMax]byte
		n := utf8.EncodeRune(b[:], char)
		if r, width := m.charsmap.Shortest(string(b[:n])); width > 0 {
			out = append(out, r...)
		} else {
			out = append(out, b[:n]...)
		}
	}
	return out
}

// decode is tokenizers' Metaspace decoder: "▁" is a space, and nothing in the first token where one was put there.
func (m *metaspace) decode(tokens []token) string {
	var out strings.Builder
	for i, t := range tokens {
		replacement := " "
		if i == 0 && m.dropFirst {
			replacement = ""
		}
		out.WriteString(strings.ReplaceAll(t.text, space, replacement))
	}
	return out.String()
}
