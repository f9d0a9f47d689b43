package tokenize

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode"

	"paperlab/lib/tokenize/internal/trie"
)

// addedToken is a token that is found in a text before the text is normalised, such as <extra_id_0> or [SEP].
type addedToken struct {
	ID         int    `json:"id"`
	Content    string `json:"content"`
	SingleWord bool   `json:"single_word"`
	LStrip     bool   `json:"lstrip"` // takes the white space before it
	RStrip     bool   `json:"rstrip"` // takes the white space after it
	Normalized bool   `json:"normalized"`
	Special    bool   `json:"special"`
}

// matcher finds added tokens in a text: the leftmost one, and the longest of those that begin there. The peers' two
// ways (a trie in tokenization_utils.py, Aho-Corasick in tokenizers) choose the same.
type matcher struct {
	tokens []addedToken
	firsts string // the bytes that a token begins with
	trie   *trie.Trie
}

func newMatcher(tokens []addedToken) (*matcher, error) {
	m := &matcher{tokens: tokens}
	contents := make([]string, len(tokens))
	for i, t := range tokens {
		switch {
		case t.Content == "":
			return nil, fmt.Errorf("added token %d is empty", t.ID)
		case t.SingleWord:
			return nil, fmt.Errorf("added token %q: single_word is not supported", t.Content)
		case t.Content[0] >= 0x80:
			return nil, errors.New("added tokens that begin with other than ASCII are not supported")
		}
		contents[i] = t.Content
		if strings.IndexByte(m.firsts, t.Content[0]) < 0 {
			m.firsts += t.Content[:1]
		}
	}
	var err error
	m.trie, err = trie.Build(contents)
	return m, err
}

// part is a stretch of a text: an added token, or text between two, with the id -1.
type part struct {
	text string
	id   int
}

// split cuts text into its parts; empty ones are left out. It reads no further than the caller asks.
func (m *matcher) split(text string) iter.Seq[part] {
	return func(yield func(part) bool) {
		for text != "" {
			at, length, found := m.find(text)
			between := text[:at]
			if found != nil && found.LStrip {
				between = strings.TrimRightFunc(between, isSpace)
			}
			if between != "" && !yield(part{between, -1}) {
				return
			}
			if found == nil || !yield(part{found.Content, found.ID}) {
				return
			}
			text = text[at+length:]
			if found.RStrip {
				text = strings.TrimLeftFunc(text, isSpace)
			}
		}
	}
}

// find returns where the first added token lies in text; without one, at is the text's end.
func (m *matcher) find(text string) (at, length int, found *addedToken) {
	for at < len(text) {
		next := strings.IndexAny(text[at:], m.firsts)
		if next < 0 {
			break
		}
		at += next
		if length, i := trie.Longest(m.trie, text[at:]); i >= 0 {
			return at, length, &m.tokens[i]
		}
		at++
	}
	return len(text), 0, nil
}

// isSpace is Python's str.isspace for one character: Unicode's white space and the four separators of ASCII.
func isSpace(r rune) bool {
	return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f
}

// addTokens makes t find the tokens of added, by id, in texts, and gives ids beyond the vocabulary to those that it lacks.
func (t *Tokenizer) addTokens(added map[int]addedToken) error {
	ids := slices.Sorted(maps.Keys(added))
	if len(ids) > 0 {
		if last := ids[len(ids)-1]; last >= len(t.tokens) {
			t.tokens = append(t.tokens, make([]string, last+1-len(t.tokens))...)
		}
	}
	t.special = make([]bool, len(t.tokens))
	var tokens []addedToken
	for _, id := range ids {
		token := added[id]
		if t.tokens[id] != "" && t.tokens[id] != token.Content {
			return fmt.Errorf("added token %q has the id %d, which is %q in the vocabulary", token.Content, id, t.tokens[id])
		}
		t.tokens[id], t.special[id] = token.Content, token.Special
		tokens = append(tokens, token)
	}
	var err error
	t.added, err = newMatcher(tokens)
	return err
}

// checkAdded refuses files that name added tokens in their older ways only: newer files name all of them in
// added_tokens_decoder of tokenizer_config.json too.
func (t *Tokenizer) checkAdded(addedTokens []byte, c *config) error {
	ids := map[string]int{}
	if addedTokens != nil {
		if err := json.Unmarshal(addedTokens, &ids); err != nil {
			return fmt.Errorf("%s: %w", fileAdded, err)
		}
	}
	for text, id := range ids {
		if t.token(id) != text {
			return fmt.Errorf("%s: token %q (%d) is not supported: name it in added_tokens_decoder of %s", fileAdded, text, id, fileConfig)
		}
	}
	for _, special := range c.AdditionalSpecial {
		isIt := func(a addedToken) bool { return a.Content == string(special) }
		if !slices.ContainsFunc(t.added.tokens, isIt) {
			return fmt.Errorf("additional special token %q is not supported: name it in added_tokens_decoder of %s", special, fileConfig)
		}
	}
	return nil
}
