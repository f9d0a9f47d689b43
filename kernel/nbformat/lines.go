package nbformat

import (
	"strings"
	"unicode/utf8"
)

// splitLines cuts a text behind each of its line ends, as Python's str.splitlines(keepends=True) does: besides \n,
// \r and \r\n it knows seven more, from \v to the paragraph separator.
func splitLines(s string) []any {
	lines := []any{}
	start := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if r == '\r' && strings.HasPrefix(s[i:], "\n") {
			i++
		}
		if strings.ContainsRune("\n\r\v\f\x1c\x1d\x1e\u0085\u2028\u2029", r) {
			lines = append(lines, s[start:i])
			start = i
		}
	}
	if start < len(s) {
		lines = append(lines, s[start:])
	}
	return lines
}
