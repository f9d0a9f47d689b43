package sentencepiece

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// unit is an element of a darts-clone double array. A node's children lie at its position XOR its offset XOR their
// byte; the value of a key lies where the zero byte would lead.
//
//	bits 0-7    the byte that leads here
//	bit  8      a value lies under this node
//	bit  9      the offset is shifted by eight more bits
//	bits 10-30  the offset
//	bit  31     this is a value, in bits 0-30
type unit uint32

const (
	unitHasValue = 1 << 8
	unitIsValue  = 1 << 31
)

func (u unit) offset() uint32     { return uint32(u>>10) << ((u & (1 << 9)) >> 6) }
func (u unit) is(label byte) bool { return u&(unitIsValue|0xff) == unit(label) }
func (u unit) hasValue() bool     { return u&unitHasValue != 0 }
func (u unit) value() uint32      { return uint32(u &^ unitIsValue) }

// CompileCharsmap compiles rules, from a text to its replacement, into the form that a model holds. It is meant for the
// small sets of rules of vocabularies trained here.
func CompileCharsmap(rules map[string]string) ([]byte, error) {
	c := &charsmapCompiler{rules: rules, taken: map[uint32]bool{0: true}, bases: map[uint32]bool{}}
	keys := slices.Sorted(maps.Keys(rules))
	for _, from := range keys {
		if from == "" || strings.Contains(from+rules[from], "\x00") {
			return nil, fmt.Errorf("sentencepiece: rule %q: empty, or with a zero byte", from)
		}
	}
	c.place(0, keys, 0)
	if len(c.units) > mostUnits {
		return nil, fmt.Errorf("sentencepiece: too many normalisation rules: the array would have %d units", len(c.units))
	}
	out := binary.LittleEndian.AppendUint32(nil, uint32(4*len(c.units)))
	for _, u := range c.units {
		out = binary.LittleEndian.AppendUint32(out, uint32(u))
	}
	return append(out, c.replacements...), nil
}

// mostUnits is how far an offset reaches that is not shifted.
const mostUnits = 1 << 21

type charsmapCompiler struct {
	rules        map[string]string
	units        []unit
	replacements []byte
	taken        map[uint32]bool // positions of nodes and values
	bases        map[uint32]bool // a node's children are told apart from another's by their base only
}

// place lays out the children of node, which the sorted keys reach with their first depth bytes, and theirs. The value
// of a key that ends here is the child of the zero byte.
func (c *charsmapCompiler) place(node uint32, keys []string, depth int) {
	var labels []byte
	children := map[byte][]string{}
	for _, k := range keys {
		label := byte(0)
		if len(k) > depth {
			label = k[depth]
		}
		if len(children[label]) == 0 {
			labels = append(labels, label)
		}
		children[label] = append(children[label], k)
	}
	base := c.findBase(labels)
	c.units[node] |= unit(node^base) << 10
	for _, label := range labels {
		child := base ^ uint32(label)
		if label == 0 {
			c.units[node] |= unitHasValue
			c.units[child] = unitIsValue | unit(len(c.replacements))
			c.replacements = append(append(c.replacements, c.rules[children[0][0]]...), 0)
		} else {
			c.units[child] = unit(label)
		}
	}
	for _, label := range labels {
		if label != 0 {
			c.place(base^uint32(label), children[label], depth+1)
		}
	}
}

// findBase takes the first base of no other node that puts every label on a free position.
func (c *charsmapCompiler) findBase(labels []byte) uint32 {
	base := uint32(1)
	for c.bases[base] || slices.ContainsFunc(labels, func(label byte) bool { return c.taken[base^uint32(label)] }) {
		base++
	}
	c.bases[base] = true
	for _, label := range labels {
		c.taken[base^uint32(label)] = true
	}
	if end := int(base|0xff) + 1; end > len(c.units) {
		c.units = append(c.units, make([]unit, end-len(c.units))...)
	}
	return base
}
