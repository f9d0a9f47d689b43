package rouge_test

import (
	"math/rand/v2"
	"strings"
	"unicode"
)

var (
	suffixes = strings.Fields("s es ies ied eed ed ing at bl iz y ational tional enci anci izer abli bli alli entli eli " +
		"ousli ization ation ator alism iveness fulness ousness aliti iviti biliti fulli logi icate ative alize iciti " +
		"ical ful ness al ance ence er ic able ible ant ement ment ent sion tion ion ou ism ate iti ous ive ize e ll li")
	separators = []string{
		" ", " ", " ", " ", " ", " ", "\n", "\r\n", "\n\n", ", ", ".", "-", "é", "\u212A", "\u0130", "\u00A0", "\u2028", "日本", "🙂", "\x00",
	}
)

// randomWord makes words of few letters and real suffixes, so that the stemmer's rules meet each other.
func randomWord(rng *rand.Rand) string {
	var word strings.Builder
	for range 1 + rng.IntN(5) {
		word.WriteByte("aeiouybcdlst0"[rng.IntN(13)])
	}
	for range rng.IntN(3) {
		word.WriteString(suffixes[rng.IntN(len(suffixes))])
	}
	return word.String()
}

// randomWords returns n different-looking words in one line.
func randomWords(rng *rand.Rand, n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = randomWord(rng) + randomWord(rng)
	}
	return strings.Join(words, " ")
}

// randomText returns n words out of few, so that two such texts have much in common.
func randomText(rng *rand.Rand, n int) string {
	var text strings.Builder
	for range n {
		word := "a" + string("bcdefgh"[rng.IntN(7)]) + suffixes[rng.IntN(4)]
		if rng.IntN(4) == 0 {
			word = strings.ToUpper(word)
		}
		text.WriteString(word)
		text.WriteString(separators[rng.IntN(len(separators))])
		if rng.IntN(8) == 0 {
			text.WriteRune(randomRune(rng))
		}
	}
	return text.String()
}

// randomRune is any character but a surrogate: which of them are blanks, or have a small letter that is ASCII, is the peer's affair.
func randomRune(rng *rand.Rand) rune {
	return []rune{rng.Int32N(0x250), rng.Int32N(0xd800), 0xe000 + rng.Int32N(unicode.MaxRune-0xe000)}[rng.IntN(3)]
}
