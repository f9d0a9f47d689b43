// Package trie holds byte strings in a double array, so that finding every key that begins at a place in a text costs
// one array access a byte.
//
// The layout is Aoe's double array ("An Efficient Digital Search Algorithm by Using a Double-Array Structure", 1989)
// with the children of a node at base XOR byte, as in darts-clone.
package trie

import (
	"fmt"
	"slices"
	"strings"
)

// Root is the node where every walk begins.
const Root int32 = 0

// none marks a free slot, a node without a key and a step that leads nowhere.
const none int32 = -1

// maxKey is the length in bytes past which a key is refused: building goes as deep as the longest key.
const maxKey = 4096

// block is the number of slots that the children of one node are spread over.
const block = 256

// Trie maps byte strings to values of zero or more. It is immutable once built and may be shared between goroutines.
type Trie struct {
	units []unit
}

type unit struct {
	base  int32 // a child for byte c is at base ^ c
	check int32 // the parent's index, none in a free slot
	value int32 // none where no key ends
}

// Step follows c from node and returns the child, or a negative number where there is none.
func (t *Trie) Step(node int32, c byte) int32 {
	child := t.units[node].base ^ int32(c)
	if t.units[child].check != node {
		return none
	}
	return child
}

// Value returns the value of the key that ends at node, or a negative number where none does.
func (t *Trie) Value(node int32) int32 { return t.units[node].value }

// Longest returns the length in bytes and the value of the longest key that text begins with; the value is negative
// where there is none.
func Longest[T string | []byte](t *Trie, text T) (length int, value int32) {
	value = none
	node := Root
	for i := 0; i < len(text); i++ {
		if node = t.Step(node, text[i]); node < 0 {
			break
		}
		if v := t.units[node].value; v >= 0 {
			length, value = i+1, v
		}
	}
	return length, value
}

// Build makes a trie in which keys[i] has the value i. Empty keys are left out, and no walk finds them; a key that
// comes twice, or is longer than 4,096 bytes, is an error.
func Build(keys []string) (*Trie, error) {
	order := make([]int32, 0, len(keys))
	for i, k := range keys {
		if len(k) > maxKey {
			return nil, fmt.Errorf("trie: key %d has %d bytes, more than %d", i, len(k), maxKey)
		}
		if k != "" {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return strings.Compare(keys[a], keys[b]) })
	for i := 1; i < len(order); i++ {
		if keys[order[i]] == keys[order[i-1]] {
			return nil, fmt.Errorf("trie: key %q comes twice, as %d and %d", keys[order[i]], order[i-1], order[i])
		}
	}
	b := &builder{keys: keys, order: order}
	b.grow()
	b.take(Root)
	b.place(Root, 0, len(order), 0)
	return &Trie{units: b.units}, nil
}
