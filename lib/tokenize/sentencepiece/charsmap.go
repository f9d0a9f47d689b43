package sentencepiece

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"strings"
	"unicode/utf8"
)

// longestReplacement is the length in bytes past which a replacement is taken for an attack on memory. Unicode's longest
// compatibility decomposition has 33 bytes.
const longestReplacement = 1024

// Charsmap is a set of rules that replace a prefix of a text by another text, as sentencepiece compiles it into a model
// (precompiled_charsmap): the length of a darts-clone double array, the array, and the replacements, each ended by a
// zero byte. It is immutable and may be shared between goroutines.
type Charsmap struct {
	units        []unit
	replacements string
}

// ParseCharsmap reads a precompiled charsmap, and refuses one whose parts do not fit together. No bytes make a map
// without rules.
func ParseCharsmap(b []byte) (*Charsmap, error) {
	if len(b) == 0 {
		return &Charsmap{}, nil
	}
	if len(b) < 4 {
		return nil, fmt.Errorf("sentencepiece: charsmap of %d bytes is cut off", len(b))
	}
	size := uint64(binary.LittleEndian.Uint32(b))
	if size%4 != 0 || size > uint64(len(b)-4) {
		return nil, fmt.Errorf("sentencepiece: charsmap says that its array has %d bytes, %d are there", size, len(b)-4)
	}
	c := &Charsmap{units: make([]unit, size/4), replacements: string(b[4+size:])}
	for i := range c.units {
		c.units[i] = unit(binary.LittleEndian.Uint32(b[4+4*i:]))
	}
	if !utf8.ValidString(c.replacements) {
		return nil, errors.New("sentencepiece: charsmap has replacements that are no valid UTF-8")
	}
	for rest := c.replacements; rest != ""; {
		end := strings.IndexByte(rest, 0)
		if end < 0 {
			return nil, errors.New("sentencepiece: charsmap's last replacement is cut off")
		}
		if end > longestReplacement {
			return nil, fmt.Errorf("sentencepiece: charsmap has a replacement of %d bytes, more than %d", end, longestReplacement)
		}
		rest = rest[end+1:]
	}
	return c, nil
}

// Longest returns the replacement of the longest rule that text begins with, and how many bytes it replaces: none where
// no rule fits. This is the choice of sentencepiece's Normalizer.
func (c *Charsmap) Longest(text string) (replacement string, length int) {
	for r, n := range c.rules(text) {
		replacement, length = r, n
	}
	return replacement, length
}

// Shortest is Longest for the shortest rule: the choice of Hugging Face tokenizers' Precompiled normaliser.
func (c *Charsmap) Shortest(text string) (replacement string, length int) {
	for r, n := range c.rules(text) {
		return r, n
	}
	return "", 0
}

// rules yields the rules that text begins with, shortest first, as replacement and length. A value that points outside
// the replacements or into a character is no rule.
func (c *Charsmap) rules(text string) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		if len(c.units) == 0 {
			return
		}
		at := c.units[0].offset()
		for i := 0; i < len(text); i++ {
			at ^= uint32(text[i])
			if int(at) >= len(c.units) || !c.units[at].is(text[i]) {
				return
			}
			u := c.units[at]
			at ^= u.offset()
			if !u.hasValue() || int(at) >= len(c.units) {
				continue
			}
			if r, ok := c.replacement(c.units[at].value()); ok && !yield(r, i+1) {
				return
			}
		}
	}
}

// replacement returns the text from offset to the next zero byte.
func (c *Charsmap) replacement(offset uint32) (string, bool) {
	if int(offset) >= len(c.replacements) || !utf8.RuneStart(c.replacements[offset]) {
		return "", false
	}
	r := c.replacements[offset:]
	return r[:strings.IndexByte(r, 0)], true
}

// startsASCII says whether a rule of nothing but ASCII, or of ASCII and more after its second character, begins with c.
func (c *Charsmap) startsASCII(first byte) bool {
	if len(c.units) == 0 {
		return false
	}
	at := c.units[0].offset() ^ uint32(first)
	if int(at) >= len(c.units) || !c.units[at].is(first) {
		return false
	}
	if c.units[at].hasValue() {
		return true
	}
	children := at ^ c.units[at].offset()
	for second := range byte(utf8.RuneSelf) {
		child := children ^ uint32(second)
		if int(child) < len(c.units) && c.units[child].is(second) {
			return true
		}
	}
	return false
}
