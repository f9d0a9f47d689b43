package wordpiece

import (
	"iter"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Splitter cuts a text into words as Hugging Face tokenizers' BertNormalizer and BertPreTokenizer do: at white space
// and around every punctuation mark, with the changes to characters that it names. It may be shared between goroutines.
type Splitter struct {
	CleanText    bool // drops control characters and U+FFFD
	ChineseChars bool // makes every Chinese character a word
	StripAccents bool // drops accents (NFD without nonspacing marks)
	Lowercase    bool
}

// Words yields the words of text, and reads no further than the caller asks. A word is only valid until the next one.
// A byte that is no valid UTF-8 counts as U+FFFD.
func (s Splitter) Words(text string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		var word []byte
		for text != "" {
			ascii := true
			word = word[:0]
			for text != "" {
				r, width := rune(text[0]), 1
				if r >= utf8.RuneSelf {
					r, width = utf8.DecodeRuneInString(text)
				}
				c := s.classify(r)
				if c == chinese && len(word) > 0 {
					break
				}
				text = text[width:]
				if c == separator {
					break
				}
				if c == dropped {
					continue
				}
				if r < utf8.RuneSelf {
					word = append(word, byte(r))
				} else {
					word = utf8.AppendRune(word, r)
					ascii = false
				}
				if c == chinese {
					break
				}
			}
			if !ascii {
				word = s.fold(word)
			} else if s.Lowercase {
				lowerASCII(word)
			}
			if !splitPunctuation(word, yield) {
				return
			}
		}
	}
}

// class is what becomes of a character before words are cut.
type class int

const (
	kept class = iota
	dropped
	separator
	chinese
)

func (s Splitter) classify(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		switch {
		case r > ' ' && r < 0x7f:
			return kept
		case r == ' ' || r == '\t' || r == '\n' || r == '\r':
			return separator
		case s.CleanText:
			return dropped
		case unicode.IsSpace(r):
			return separator
		}
		return kept
	case s.CleanText && (r == utf8.RuneError || isControl(r)):
		return dropped
	case unicode.IsSpace(r):
		return separator
	case s.ChineseChars && isChinese(r):
		return chinese
	}
	return kept
}

// fold strips the accents of a word and lowers its case.
func (s Splitter) fold(word []byte) []byte {
	if s.StripAccents {
		word = norm.NFD.Bytes(word)
	}
	var out []byte
	for _, r := range string(word) {
		switch {
		case s.StripAccents && unicode.Is(marks, r):
		case s.Lowercase && r == 'İ': // the one letter that two make when lowered
			out = append(out, "i̇"...)
		case s.Lowercase:
			out = utf8.AppendRune(out, lowerCase.ToLower(r))
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	return out
}

func lowerASCII(word []byte) {
	for i, c := range word {
		if 'A' <= c && c <= 'Z' {
			word[i] = c + 'a' - 'A'
		}
	}
}

// splitPunctuation yields word cut around its punctuation marks; it returns false when yield does.
func splitPunctuation(word []byte, yield func([]byte) bool) bool {
	start := 0
	for i := 0; i < len(word); {
		r, width := rune(word[i]), 1
		if r >= utf8.RuneSelf {
			r, width = utf8.DecodeRune(word[i:])
		}
		if isPunctuation(r) {
			if start < i && !yield(word[start:i]) || !yield(word[i:i+width]) {
				return false
			}
			start = i + width
		}
		i += width
	}
	return start == len(word) || yield(word[start:])
}
