package nbformat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// writeJSON writes a tree as Python's json.dumps does with indent=1, sort_keys=True and ensure_ascii=False.
// Numbers keep the notation in which they were read.
func writeJSON(b *bytes.Buffer, tree any, depth int) {
	switch tree := tree.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(tree))
	case json.Number:
		b.WriteString(string(tree))
	case string:
		writeString(b, tree)
	case []any:
		if len(tree) == 0 {
			b.WriteString("[]")
			return
		}
		for i, item := range tree {
			separate(b, "[", i, depth+1)
			writeJSON(b, item, depth+1)
		}
		newLine(b, depth)
		b.WriteByte(']')
	case map[string]any:
		if len(tree) == 0 {
			b.WriteString("{}")
			return
		}
		for i, name := range slices.Sorted(maps.Keys(tree)) {
			separate(b, "{", i, depth+1)
			writeString(b, name)
			b.WriteString(": ")
			writeJSON(b, tree[name], depth+1)
		}
		newLine(b, depth)
		b.WriteByte('}')
	}
}

// separate writes what stands before the ith element.
func separate(b *bytes.Buffer, open string, i, depth int) {
	if i == 0 {
		b.WriteString(open)
	} else {
		b.WriteByte(',')
	}
	newLine(b, depth)
}

func newLine(b *bytes.Buffer, depth int) {
	b.WriteByte('\n')
	for range depth {
		b.WriteByte(' ')
	}
}

// shortEscapes are the characters that have an escape of their own.
var shortEscapes = map[byte]string{
	'"': `\"`, '\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`, '\b': `\b`, '\f': `\f`,
}

func writeString(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			b.WriteByte(c)
		} else if escape, ok := shortEscapes[c]; ok {
			b.WriteString(escape)
		} else {
			fmt.Fprintf(b, `\u%04x`, c)
		}
	}
	b.WriteByte('"')
}
