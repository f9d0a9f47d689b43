package pairs

import (
	"slices"
	"strings"
	"unicode"

	"paperlab/lib/corpus"
)

// Clean leaves ASCII letters and digits, , . ? ! : ; ( ) - and spaces. It equals these steps of Python's re, in order:
// \s+ to a space, \n to a space, [^a-zA-Z0-9,.?!:;()\-] to a space, strip. So a run of white space becomes one space,
// but each other character a space of its own, and those spaces stay. Each byte of invalid UTF-8 is one character.
func Clean(text string) string {
	var cleaned strings.Builder
	cleaned.Grow(len(text))
	inSpace := false
	for _, r := range text {
		space := isPythonSpace(r)
		switch {
		case space && inSpace:
		case space || !kept(r):
			cleaned.WriteByte(' ')
		default:
			cleaned.WriteByte(byte(r))
		}
		inSpace = space
	}
	return strings.Trim(cleaned.String(), " ")
}

// CleanAll returns the papers with title and abstract cleaned. The ones it is given stay as they are.
func CleanAll(papers []corpus.Paper) []corpus.Paper {
	cleaned := slices.Clone(papers)
	for i := range cleaned {
		cleaned[i].Title = Clean(cleaned[i].Title)
		cleaned[i].Abstract = Clean(cleaned[i].Abstract)
	}
	return cleaned
}

// isPythonSpace reports whether \s matches r in a Python pattern: Unicode's white space and the four ASCII separators.
func isPythonSpace(r rune) bool {
	return unicode.IsSpace(r) || 0x1C <= r && r <= 0x1F
}

// kept reports whether Clean keeps r, white space aside.
func kept(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune(",.?!:;()-", r)
}
