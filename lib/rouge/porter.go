package rouge

import "strings"

// Stem reduces a word of lower-case ASCII letters and digits to its stem by Porter's algorithm ("An algorithm for suffix
// stripping", 1980) as nltk.stem.porter runs it by default: with Martin Porter's own later changes and NLTK's. Other
// bytes count as consonants. Words of one or two bytes are their own stems.
func Stem(word string) string {
	if stem, ok := irregularStems[word]; ok {
		return stem
	}
	if len(word) <= 2 {
		return word
	}
	word = stripPlural(word)
	word = stripPast(word)
	word = replaceFinalY(word)
	word = shortenDoubleSuffix(word)
	word = stripFirst(word, step3, 0)
	word = stripFirst(word, step4, 1)
	return tidyEnd(word)
}

// irregularStems are the words that NLTK stems by hand.
var irregularStems = map[string]string{
	"sky": "sky", "skies": "sky",
	"dying": "die", "lying": "lie", "tying": "tie",
	"news":   "news",
	"inning": "inning", "innings": "inning",
	"outing": "outing", "outings": "outing",
	"canning": "canning", "cannings": "canning",
	"howe":    "howe",
	"proceed": "proceed", "exceed": "exceed", "succeed": "succeed",
}

// stripPlural is step 1a. The first rule is NLTK's: dies -> die, but flies -> fli.
func stripPlural(word string) string {
	switch {
	case strings.HasSuffix(word, "ies") && len(word) == 4:
		return word[:3]
	case strings.HasSuffix(word, "sses"), strings.HasSuffix(word, "ies"):
		return word[:len(word)-2]
	case strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss"):
		return word[:len(word)-1]
	}
	return word
}

// stripPast is step 1b. The rule for -ied is NLTK's: died -> die, but spied -> spi.
func stripPast(word string) string {
	if strings.HasSuffix(word, "ied") {
		if len(word) == 4 {
			return word[:3]
		}
		return word[:len(word)-2]
	}
	if stem, ok := strings.CutSuffix(word, "eed"); ok {
		if measure(stem) > 0 {
			return word[:len(word)-1]
		}
		return word
	}
	for _, suffix := range []string{"ed", "ing"} {
		if stem, ok := strings.CutSuffix(word, suffix); ok && hasVowel(stem) {
			return mendStem(stem)
		}
	}
	return word
}

// mendStem gives back the e, or takes the doubled consonant, that -ed or -ing had changed.
func mendStem(stem string) string {
	last := len(stem) - 1
	switch {
	case strings.HasSuffix(stem, "at"), strings.HasSuffix(stem, "bl"), strings.HasSuffix(stem, "iz"):
		return stem + "e"
	case last > 0 && stem[last] == stem[last-1] && isConsonant(stem, last):
		if strings.IndexByte("lsz", stem[last]) < 0 {
			return stem[:last]
		}
	case measure(stem) == 1 && endsShortSyllable(stem):
		return stem + "e"
	}
	return stem
}

// replaceFinalY is step 1c in NLTK's form: happy -> happi, but enjoy and by stay.
func replaceFinalY(word string) string {
	stem, ok := strings.CutSuffix(word, "y")
	if ok && len(stem) > 1 && isConsonant(stem, len(stem)-1) {
		return stem + "i"
	}
	return word
}

// shortenDoubleSuffix is step 2. Before the published rules NLTK takes -alli to -al and starts again, and it counts the
// l of -logi to the stem, so that geologi becomes geolog.
func shortenDoubleSuffix(word string) string {
	if stem, ok := strings.CutSuffix(word, "alli"); ok && measure(stem) > 0 {
		return shortenDoubleSuffix(stem + "al")
	}
	if strings.HasSuffix(word, "logi") {
		if measure(word[:len(word)-3]) > 0 {
			return word[:len(word)-1]
		}
		return word
	}
	return stripFirst(word, step2, 0)
}

// tidyEnd is step 5: a final e goes unless the stem is short, and -ll becomes -l.
func tidyEnd(word string) string {
	if stem, ok := strings.CutSuffix(word, "e"); ok {
		if m := measure(stem); m > 1 || m == 1 && !endsShortSyllable(stem) {
			word = stem
		}
	}
	if strings.HasSuffix(word, "ll") && measure(word[:len(word)-1]) > 1 {
		return word[:len(word)-1]
	}
	return word
}
