package rouge

import "strings"

// maxVocabularyBytes bounds what a vocabulary keeps between pairs: some 70,000 English words.
const maxVocabularyBytes = 1 << 19

// vocabulary numbers words, so that tokens are compared as integers. With stem, words of the same stem share a number.
type vocabulary struct {
	stem  bool
	words map[string]int32 // by word as it stands in the text
	stems map[string]int32 // by stem
	bytes int              // length of all words
	token []byte           // the one being read, lower-cased
}

func newVocabulary(stem bool) *vocabulary {
	return &vocabulary{stem: stem, words: map[string]int32{}, stems: map[string]int32{}}
}

func (v *vocabulary) full() bool { return v.bytes > maxVocabularyBytes }

// id returns the number of the word in v.token.
func (v *vocabulary) id() int32 {
	if id, ok := v.words[string(v.token)]; ok {
		return id
	}
	word := string(v.token)
	id := int32(len(v.words))
	if v.stem && len(word) > 3 {
		id = v.stemID(Stem(word), id)
	} else if v.stem {
		id = v.stemID(word, id)
	}
	v.words[word] = id
	v.bytes += len(word)
	return id
}

// stemID returns the number of a stem, which is unused where the stem is new.
func (v *vocabulary) stemID(stem string, unused int32) int32 {
	if id, ok := v.stems[stem]; ok {
		return id
	}
	v.stems[stem] = unused
	return unused
}

// text is the tokens of a text. Lines without a token leave no trace: they change no score.
type text struct {
	ids    []int32
	breaks []int // line i is ids[breaks[i]:breaks[i+1]]
}

func (t *text) lines() int { return len(t.breaks) - 1 }

func (t *text) line(i int) []int32 { return t.ids[t.breaks[i]:t.breaks[i+1]] }

// read replaces what t holds by the tokens of s, numbered by v.
func (t *text) read(s string, v *vocabulary) {
	t.ids, t.breaks = t.ids[:0], append(t.breaks[:0], 0)
	v.token = v.token[:0]
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			v.token = append(v.token, c)
		case 'A' <= c && c <= 'Z':
			v.token = append(v.token, c-'A'+'a')
		case c == 0xE2 && strings.HasPrefix(s[i:], kelvin):
			v.token = append(v.token, 'k')
			i += len(kelvin) - 1
		case c == 0xC4 && strings.HasPrefix(s[i:], dottedI):
			v.token = append(v.token, 'i')
			i += len(dottedI) - 1
			t.endToken(v)
		default:
			t.endToken(v)
			if c == '\n' {
				t.endLine()
			}
		}
	}
	t.endToken(v)
	t.endLine()
}

// The two letters beyond ASCII whose lower case holds an ASCII letter; the second one's ends in a combining dot.
const (
	kelvin  = "\u212A"
	dottedI = "\u0130"
)

func (t *text) endToken(v *vocabulary) {
	if len(v.token) > 0 {
		t.ids = append(t.ids, v.id())
		v.token = v.token[:0]
	}
}

func (t *text) endLine() {
	if end := len(t.ids); end > t.breaks[len(t.breaks)-1] {
		t.breaks = append(t.breaks, end)
	}
}
