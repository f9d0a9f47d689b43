package rouge

import "strings"

// suffixRule replaces a suffix.
type suffixRule struct{ suffix, replacement string }

// step2 applies where the measure of the stem is above 0.
var step2 = []suffixRule{
	{"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"},
	{"bli", "ble"}, {"alli", "al"}, {"entli", "ent"}, {"eli", "e"}, {"ousli", "ous"},
	{"ization", "ize"}, {"ation", "ate"}, {"ator", "ate"}, {"alism", "al"}, {"iveness", "ive"},
	{"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"}, {"iviti", "ive"}, {"biliti", "ble"},
	{"fulli", "ful"},
}

// step3 applies where the measure of the stem is above 0.
var step3 = []suffixRule{
	{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ful", ""}, {"ness", ""},
}

// step4 applies where the measure of the stem is above 1. What -ion leaves must end in s or t besides.
var step4 = []suffixRule{
	{"al", ""}, {"ance", ""}, {"ence", ""}, {"er", ""}, {"ic", ""}, {"able", ""}, {"ible", ""}, {"ant", ""},
	{"ement", ""}, {"ment", ""}, {"ent", ""}, {"ion", ""}, {"ou", ""}, {"ism", ""}, {"ate", ""}, {"iti", ""},
	{"ous", ""}, {"ive", ""}, {"ize", ""},
}

// stripFirst applies the first rule whose suffix the word has, if the measure of the stem is above minimum. Where it is
// not, later rules are not tried.
func stripFirst(word string, rules []suffixRule, minimum int) string {
	for _, rule := range rules {
		stem, ok := strings.CutSuffix(word, rule.suffix)
		if !ok {
			continue
		}
		if measure(stem) <= minimum {
			return word
		}
		if rule.suffix == "ion" && stem[len(stem)-1] != 's' && stem[len(stem)-1] != 't' {
			return word
		}
		return stem + rule.replacement
	}
	return word
}

// measure is Porter's m: how often a consonant follows a vowel.
func measure(word string) int {
	m := 0
	vowel := false
	for i := range len(word) {
		before := vowel
		vowel = isVowelAfter(word[i], i > 0 && !before)
		if before && !vowel {
			m++
		}
	}
	return m
}

// hasVowel reports whether the word has a vowel, a y after a consonant included.
func hasVowel(word string) bool {
	vowel := false
	for i := range len(word) {
		if vowel = isVowelAfter(word[i], i > 0); vowel {
			return true
		}
	}
	return false
}

// isConsonant reports whether the byte at i is a consonant.
func isConsonant(word string, i int) bool {
	start := i
	for start > 0 && word[start] == 'y' {
		start--
	}
	// In a run of y every other one is a vowel.
	return !isVowelAfter(word[start], false) == ((i-start)%2 == 0)
}

// isVowelAfter reports whether c is a vowel, given whether a consonant stands before it.
func isVowelAfter(c byte, afterConsonant bool) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u':
		return true
	case 'y':
		return afterConsonant
	}
	return false
}

// endsShortSyllable is Porter's condition *o, consonant-vowel-consonant with a last letter other than w, x and y; NLTK
// adds words that are just vowel-consonant.
func endsShortSyllable(word string) bool {
	last := len(word) - 1
	if last == 1 {
		return !isConsonant(word, 0) && isConsonant(word, 1)
	}
	return last >= 2 && isConsonant(word, last-2) && !isConsonant(word, last-1) && isConsonant(word, last) &&
		strings.IndexByte("wxy", word[last]) < 0
}
