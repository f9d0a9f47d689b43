package wordpiece_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"paperlab/lib/tokenize/wordpiece"
)

func words(s wordpiece.Splitter, text string) (out []string) {
	for w := range s.Words(text) {
		out = append(out, string(w))
	}
	return out
}

func TestWords(t *testing.T) {
	uncased := wordpiece.Splitter{CleanText: true, ChineseChars: true, StripAccents: true, Lowercase: true}
	cased := wordpiece.Splitter{CleanText: true, ChineseChars: true}
	for _, c := range []struct {
		name     string
		splitter wordpiece.Splitter
		text     string
		want     []string
	}{
		{"white space separates", uncased, " one\ttwo\r\nthree\u00a0four\u2003", []string{"one", "two", "three", "four"}},
		{"every punctuation mark is a word", uncased, "it's (a)…$b", []string{"it", "'", "s", "(", "a", ")", "…", "$", "b"}},
		{"accents go", uncased, "Ångström naïve e\u0301", []string{"angstrom", "naive", "e"}},
		{"accents stay in cased text", cased, "Ångström", []string{"Ångström"}},
		{"accents stay when asked", wordpiece.Splitter{Lowercase: true}, "ÀÉ\u0130", []string{"àéi̇"}},
		{"Chinese characters are words", uncased, "読a論文b", []string{"読", "a", "論", "文", "b"}},
		{"Chinese characters are letters when asked", wordpiece.Splitter{}, "読a論", []string{"読a論"}},
		{"control characters go", uncased, "a\x00b\x7fc\u200dd\ufeff \ufffd", []string{"abcd"}},
		{"control characters stay when asked", wordpiece.Splitter{}, "a\x00b\x0bc", []string{"a\x00b", "c"}},
		{"invalid bytes are U+FFFD", wordpiece.Splitter{}, "a\xffb", []string{"a\ufffdb"}},
		{"a decomposed mark is punctuation", uncased, "a\u037eb", []string{"a", ";", "b"}},
		{"nothing has no words", uncased, " \n", nil},
		{"a young mark is no mark yet", uncased, "a\u0898b", []string{"a\u0898b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := words(c.splitter, c.text); !slices.Equal(got, c.want) {
				t.Errorf("words of %q: %q, want %q", c.text, got, c.want)
			}
		})
	}
}

func TestAppendTakesTheLongestPieces(t *testing.T) {
	m, err := wordpiece.New([]string{"[UNK]", "un", "unaff", "##able", "##aff", "##a", "é", "", "##é"}, "##", 0, 6)
	if err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string][]int{
		"unaff":   {9, 2},
		"una":     {9, 1, 5},
		"unx":     {9, 0},
		"unaffab": {9, 0}, // seven characters
		"éééééé":  {9, 6, 8, 8, 8, 8, 8},
		"ééééééé": {9, 0},
		"":        {9},
	} {
		if got := m.Append([]int{9}, []byte(word)); !slices.Equal(got, want) {
			t.Errorf("Append([9], %q) = %v, want %v", word, got, want)
		}
	}
}

func TestNewRefusesBrokenVocabularies(t *testing.T) {
	for _, c := range []struct {
		name       string
		vocabulary []string
		prefix     string
		unknown    int
		chars      int
		want       string
	}{
		{"an unknown id that is none", []string{"a"}, "##", 1, 100, "unknown id 1"},
		{"no prefix", []string{"a"}, "", 0, 100, "prefix"},
		{"no characters", []string{"a"}, "##", 0, 0, "0 characters"},
		{"a token twice", []string{"a", "a"}, "##", 0, 100, "comes twice"},
		{"a token that is no UTF-8", []string{"\xff"}, "##", 0, 100, "no valid UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := wordpiece.New(c.vocabulary, c.prefix, c.unknown, c.chars); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func FuzzWords(f *testing.F) {
	f.Add("It's naïve, 論文\x00 \u0130 \xff", true, true, true, true)
	f.Add("a\u0301\u0302 b", false, false, false, true)
	f.Fuzz(func(t *testing.T, text string, clean, chinese, accents, lower bool) {
		s := wordpiece.Splitter{CleanText: clean, ChineseChars: chinese, StripAccents: accents, Lowercase: lower}
		for _, w := range words(s, text) {
			if w == "" || !utf8.ValidString(w) || strings.ContainsAny(w, " \t\r\n") {
				t.Fatalf("%q has the word %q", text, w)
			}
		}
	})
}
