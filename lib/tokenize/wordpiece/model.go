package wordpiece

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"paperlab/lib/tokenize/internal/trie"
)

// Model cuts a word into the longest pieces that the vocabulary has, from its beginning on. It is immutable and may be
// shared between goroutines.
type Model struct {
	first    *trie.Trie // pieces that begin a word
	next     *trie.Trie // pieces within a word, without their prefix
	unknown  int
	maxChars int
}

// New makes a model of a vocabulary in which the id of a token is its index, and "" holds the place of an id without
// one. Tokens with prefix ("##") continue a word. A word with more than maxChars characters, or one that the pieces
// cannot write, is the one unknown id. Tokens that are no valid UTF-8 or come twice are refused.
func New(vocabulary []string, prefix string, unknown, maxChars int) (*Model, error) {
	if unknown < 0 || unknown >= len(vocabulary) {
		return nil, fmt.Errorf("wordpiece: unknown id %d outside a vocabulary of %d tokens", unknown, len(vocabulary))
	}
	if prefix == "" || maxChars <= 0 {
		return nil, fmt.Errorf("wordpiece: prefix %q and %d characters a word", prefix, maxChars)
	}
	next := make([]string, len(vocabulary))
	for id, token := range vocabulary {
		if !utf8.ValidString(token) {
			return nil, fmt.Errorf("wordpiece: token %d, %q, is no valid UTF-8", id, token)
		}
		next[id], _ = strings.CutPrefix(token, prefix)
		if next[id] == token {
			next[id] = ""
		}
	}
	m := &Model{unknown: unknown, maxChars: maxChars}
	var err error
	if m.first, err = trie.Build(vocabulary); err != nil {
		return nil, fmt.Errorf("wordpiece: vocabulary: %w", err)
	}
	if m.next, err = trie.Build(next); err != nil {
		return nil, fmt.Errorf("wordpiece: vocabulary: %w", err)
	}
	return m, nil
}

// Append appends the ids of the pieces of word to ids.
func (m *Model) Append(ids []int, word []byte) []int {
	if len(word) > m.maxChars && utf8.RuneCount(word) > m.maxChars {
		return append(ids, m.unknown)
	}
	before := len(ids)
	for t := m.first; len(word) > 0; t = m.next {
		length, id := trie.Longest(t, word)
		if id < 0 {
			return append(ids[:before], m.unknown)
		}
		ids = append(ids, int(id))
		word = word[length:]
	}
	return ids
}
