package unigram

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// word is a word of the texts, "▁" included, and how often it occurs.
type word struct {
	text  string
	count float64
}

// countWords cuts texts before every "▁" and counts the words, in alphabetical order.
func countWords(ctx context.Context, texts iter.Seq[string]) ([]word, error) {
	counts := map[string]int{}
	for text := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		text = string([]rune(text)) // an invalid byte becomes U+FFFD, each of them
		for text != "" {
			end := len(text)
			if next := strings.Index(text[1:], "▁"); next >= 0 {
				end = next + 1
			}
			counts[text[:end]]++
			text = text[end:]
		}
	}
	words := make([]word, 0, len(counts))
	for _, text := range slices.Sorted(maps.Keys(counts)) {
		words = append(words, word{text, float64(counts[text])})
	}
	return words, nil
}

// counted is a string and how often it occurs.
type counted struct {
	text  string
	count float64
}

// byCount sorts by count, the most frequent first, and by text where the counts are equal.
func byCount(counts map[string]float64) []counted {
	out := make([]counted, 0, len(counts))
	for text, n := range counts {
		out = append(out, counted{text, n})
	}
	slices.SortFunc(out, func(a, b counted) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.text, b.text))
	})
	return out
}

// frequentCharacters returns the characters that make up nearly all of the words, the most frequent first.
func frequentCharacters(words []word) []string {
	counts := map[string]float64{}
	var total float64
	for _, w := range words {
		for _, r := range w.text {
			counts[string(r)] += w.count
			total += w.count
		}
	}
	var out []string
	var covered float64
	for _, c := range byCount(counts) {
		if covered/total >= characterCoverage {
			break
		}
		covered += c.count
		out = append(out, c.text)
	}
	return out
}

// seeds returns the frequent characters and those of the substrings of words that cover most of the text, by count times
// length, size in all.
func seeds(words []word, characters []string, size int) []Piece {
	frequent := make(map[rune]bool, len(characters))
	for _, c := range characters {
		r, _ := utf8.DecodeRuneInString(c)
		frequent[r] = true
	}
	counts := map[string]float64{}
	for _, w := range words {
		for start := range w.text {
			length := 0
			for i, r := range w.text[start:] {
				if length++; !frequent[r] || length > longestPiece {
					break
				}
				counts[w.text[start:start+i+utf8.RuneLen(r)]] += w.count
			}
		}
	}
	chosen := make([]counted, 0, size)
	for _, c := range characters {
		chosen = append(chosen, counted{c, counts[c]})
		delete(counts, c)
	}
	for text, n := range counts {
		if n < 2 {
			delete(counts, text)
		} else {
			counts[text] = n * float64(utf8.RuneCountInString(text))
		}
	}
	others := byCount(counts)
	chosen = append(chosen, others[:max(0, min(len(others), size-len(chosen)))]...)

	var total float64
	for _, c := range chosen {
		total += c.count
	}
	pieces := make([]Piece, len(chosen))
	for i, c := range chosen {
		pieces[i] = Piece{Text: c.text, Score: math.Log(c.count / total)}
	}
	return pieces
}
