package wordpiece

import (
	"slices"
	"unicode"

	"golang.org/x/text/unicode/rangetable"
)

// The categories that the Rust library behind tokenizers knows (unicode_categories 0.1.1) are those of Unicode 8:
// younger characters are nothing in particular there, and a few have changed since.
var (
	known       = rangetable.Assigned("8.0.0")
	punctuation = asOfUnicode8(unicode.P, []rune{0x166d, 0x111c9}, nil)
	marks       = asOfUnicode8(unicode.Mn, []rune{0x1734}, []rune{0x1885, 0x1886, 0xa9bd, 0x111c9})
	formats     = asOfUnicode8(unicode.Cf, nil, nil)
)

// asOfUnicode8 returns the characters of category that Unicode 8 knew, with those added and without those removed whose
// category has changed.
func asOfUnicode8(category *unicode.RangeTable, added, removed []rune) *unicode.RangeTable {
	runes := added
	rangetable.Visit(category, func(r rune) {
		if unicode.Is(known, r) && !slices.Contains(removed, r) {
			runes = append(runes, r)
		}
	})
	return rangetable.New(runes...)
}

// lowerCase adds the letters of Unicode 16, which the peer's Rust knows and this Go does not yet.
var lowerCase = unicode.SpecialCase{
	lowerRange(0x1c89, 0x1c89, 1), lowerRange(0xa7cb, 0xa7cb, 0x264-0xa7cb), lowerRange(0xa7cc, 0xa7cc, 1), lowerRange(0xa7da, 0xa7da, 1),
	lowerRange(0xa7dc, 0xa7dc, 0x19b-0xa7dc), lowerRange(0x10d50, 0x10d65, 0x20),
}

func lowerRange(lo, hi uint32, delta rune) unicode.CaseRange {
	var c unicode.CaseRange
	c.Lo, c.Hi, c.Delta[unicode.LowerCase] = lo, hi, delta
	return c
}

// isControl says whether r is a control, format or private-use character.
func isControl(r rune) bool {
	return unicode.In(r, unicode.Cc, formats, unicode.Co)
}

// isPunctuation says whether r is a punctuation mark; of ASCII every character that is neither a letter, a digit, a
// space nor a control character is.
func isPunctuation(r rune) bool {
	if r < 0x80 {
		return '!' <= r && r <= '/' || ':' <= r && r <= '@' || '[' <= r && r <= '`' || '{' <= r && r <= '~'
	}
	return unicode.Is(punctuation, r)
}

// isChinese says whether r is in one of the blocks of CJK ideographs, of which BERT was trained with a word each.
func isChinese(r rune) bool {
	return unicode.Is(ideographs, r)
}

var ideographs = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0x3400, Hi: 0x4dbf, Stride: 1}, {Lo: 0x4e00, Hi: 0x9fff, Stride: 1}, {Lo: 0xf900, Hi: 0xfaff, Stride: 1}},
	R32: []unicode.Range32{
		{Lo: 0x20000, Hi: 0x2a6df, Stride: 1}, {Lo: 0x2a700, Hi: 0x2b73f, Stride: 1},
		{Lo: 0x2b740, Hi: 0x2b81f, Stride: 1}, {Lo: 0x2b920, Hi: 0x2ceaf, Stride: 1},
		{Lo: 0x2f800, Hi: 0x2fa1f, Stride: 1},
	},
}
