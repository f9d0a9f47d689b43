package evaluate

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentences splits a text of a paper into its sentences. White space inside a sentence becomes single spaces, so that the
// line breaks of abstracts do not cut it; a blank line ends one.
//
// A full stop, question or exclamation mark ends a sentence before white space and anything but a lower-case letter. Not
// so after abbreviations that never stand last ("e.g.", "Fig.", "Dr."), before the number in "no. 5", after initials
// ("J. Smith") unless a word that opens sentences follows ("on the graph G. We prove"), and after "et al." or "etc."
// unless a capital follows. An enumerator such as "(ii)" opens a sentence although its letters are small. Marks that stand alone, as in the scientific_papers data set, end a sentence before lower
// case too. What these rules cannot know is a capitalised name after a lower-case abbreviation that they do not list.
func Sentences(text string) []string {
	var sentences []string
	for _, paragraph := range paragraphs(text) {
		words := strings.Fields(paragraph)
		start := 0
		for i := range words {
			if i == len(words)-1 || endsSentence(words[start:i+1], words[i+1]) {
				sentences = append(sentences, strings.Join(words[start:i+1], " "))
				start = i + 1
			}
		}
	}
	return sentences
}

// Lines returns a text with a sentence a line, as ROUGE-Lsum wants it.
func Lines(text string) string { return strings.Join(Sentences(text), "\n") }

// paragraphs cuts a text at its blank lines.
func paragraphs(text string) []string {
	var all []string
	var current strings.Builder
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			all = append(all, current.String())
			current.Reset()
		}
		current.WriteString(line)
	}
	return append(all, current.String())
}

const (
	opening = "\"'“‘([{«`"
	closing = "\"'”’)]}»"
	marks   = ".!?…"
)

// enumerator matches what numbers the items of a list: "(ii)", "b)".
var enumerator = regexp.MustCompile(`^\(?([ivx]+|[a-z])\)`)

// endsSentence reports whether a sentence ends with the last of words, given the word that follows.
func endsSentence(words []string, next string) bool {
	last := strings.TrimRight(words[len(words)-1], closing)
	mark, _ := utf8.DecodeLastRuneInString(last)
	if !strings.ContainsRune(marks, mark) {
		return false
	}
	word := afterOpening(strings.TrimRight(last, marks))
	alone := last == "." || last == "!" || last == "?"
	if alone && len(words) > 1 {
		word = strings.TrimRight(strings.TrimLeft(words[len(words)-2], opening), closing)
	}
	lowerMayFollow := alone || enumerator.MatchString(next)
	next = strings.TrimLeft(next, opening)
	first, _ := utf8.DecodeRuneInString(next)
	if unicode.IsLower(first) && !lowerMayFollow {
		return false
	}
	if mark != '.' {
		return true
	}
	return !abbreviates(word, next, first)
}

// afterOpening returns what follows the last opening quote or bracket of word.
func afterOpening(word string) string {
	at := strings.LastIndexAny(word, opening)
	if at < 0 {
		return word
	}
	_, size := utf8.DecodeRuneInString(word[at:])
	return word[at+size:]
}

// abbreviates reports whether a full stop after word belongs to the word, given what follows: next, beginning with first.
func abbreviates(word, next string, first rune) bool {
	switch abbreviations[strings.ToLower(word)] {
	case neverLast:
		return true
	case beforeNumber:
		return unicode.IsDigit(first)
	case sometimesLast:
		return !unicode.IsUpper(first)
	}
	if isInitial(word) || isInitialism(word) {
		return !sentenceOpeners[strings.TrimRight(next, ",")]
	}
	return false
}

// isInitial reports whether word is one capital letter, and not the pronoun.
func isInitial(word string) bool {
	letter, size := utf8.DecodeRuneInString(word)
	return size == len(word) && unicode.IsUpper(letter) && letter != 'I'
}

// isInitialism reports whether word is single letters with stops between them, such as "U.S".
func isInitialism(word string) bool {
	letters := strings.Split(word, ".")
	for _, letter := range letters {
		r, size := utf8.DecodeRuneInString(letter)
		if size != len(letter) || !unicode.IsLetter(r) {
			return false
		}
	}
	return len(letters) > 1
}
