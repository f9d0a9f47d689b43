package unigram_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"paperlab/lib/tokenize/unigram"
)

// randomModel has every string of up to three of the characters a, b, é as a piece, less some.
func randomModel(t *testing.T, rng *rand.Rand, precision unigram.Precision) ([]unigram.Piece, *unigram.Model) {
	t.Helper()
	pieces := []unigram.Piece{{Reserved: true}}
	level := []string{""}
	for range 3 {
		var next []string
		for _, s := range level {
			for _, c := range []string{"a", "b", "é"} {
				next = append(next, s+c)
				if rng.IntN(3) > 0 {
					// Multiples of 1/8: scores add up without rounding, and often tie.
					pieces = append(pieces, unigram.Piece{Text: s + c, Score: -1 - float64(rng.IntN(16))/8})
				}
			}
		}
		level = next
	}
	m, err := unigram.New(pieces, 0, precision)
	if err != nil {
		t.Fatal(err)
	}
	return pieces, m
}

func segment(m *unigram.Model, parts ...string) []int {
	s := m.NewSegmenter()
	for _, p := range parts {
		s.Write([]byte(p))
	}
	s.Flush()
	return slices.Clone(s.IDs())
}

// bestScore tries every segmentation of text.
func bestScore(pieces []unigram.Piece, text string) float64 {
	lowest := 0.0
	for _, p := range pieces[1:] {
		lowest = min(lowest, p.Score)
	}
	best := map[string]float64{"": 0}
	var try func(text string) float64
	try = func(text string) float64 {
		if s, ok := best[text]; ok {
			return s
		}
		_, width := utf8.DecodeRuneInString(text)
		s := lowest - 10 + try(text[width:])
		for _, p := range pieces[1:] {
			if rest, ok := strings.CutPrefix(text, p.Text); ok {
				s = max(s, p.Score+try(rest))
			}
		}
		best[text] = s
		return s
	}
	return try(text)
}

func TestSegmenterFindsTheBestOfAllSegmentations(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 50 {
		pieces, m := randomModel(t, rng, unigram.Double)
		for range 20 {
			var text string
			for range 1 + rng.IntN(12) {
				text += []string{"a", "b", "é"}[rng.IntN(3)]
			}
			var score float64
			var joined string
			for _, id := range segment(m, text) {
				score += pieces[id].Score
				joined += pieces[id].Text
			}
			if joined != text { // unknown characters: their score is not in pieces
				continue
			}
			if want := bestScore(pieces, text); math.Abs(score-want) > 1e-9 {
				t.Fatalf("%q scores %v, want %v", text, score, want)
			}
		}
	}
}

func TestSegmentationDoesNotDependOnHowTheTextComesIn(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for _, precision := range []unigram.Precision{unigram.Single, unigram.Double} {
		_, m := randomModel(t, rng, precision)
		var text []string
		for range 5000 {
			text = append(text, []string{"a", "b", "é", "☃"}[rng.IntN(4)])
		}
		whole := segment(m, strings.Join(text, ""))
		if one := segment(m, text...); !slices.Equal(one, whole) {
			t.Errorf("precision %d: character by character gives other ids than the whole text", precision)
		}
		var parts []string
		for rest := text; len(rest) > 0; {
			n := min(len(rest), rng.IntN(40))
			parts, rest = append(parts, strings.Join(rest[:n], "")), rest[n:]
		}
		if some := segment(m, parts...); !slices.Equal(some, whole) {
			t.Errorf("precision %d: random parts give other ids than the whole text", precision)
		}
	}
}

func TestIDsComeBeforeTheTextHasEnded(t *testing.T) {
	m, err := unigram.New([]unigram.Piece{{Reserved: true}, {Text: "▁ab", Score: -1}}, 0, unigram.Single)
	if err != nil {
		t.Fatal(err)
	}
	s := m.NewSegmenter()
	s.Write([]byte(strings.Repeat("▁ab", 100)))
	if n := len(s.IDs()); n < 98 {
		t.Errorf("%d ids after 100 words", n)
	}
	s.Reset()
	s.Write([]byte("▁ab"))
	s.Flush()
	if got := s.IDs(); !slices.Equal(got, []int{1}) {
		t.Errorf("after Reset: ids %v, want [1]", got)
	}
}

func TestLongTextsAreSegmentedToTheirEnd(t *testing.T) {
	// With scores this low 32 bits would soon be too few to tell the paths apart.
	m, err := unigram.New([]unigram.Piece{{Reserved: true}, {Text: "▁ab", Score: -900.25}, {Text: "▁a", Score: -450.5}, {Text: "b", Score: -450.25}}, 0, unigram.Single)
	if err != nil {
		t.Fatal(err)
	}
	got := segment(m, strings.Repeat("▁ab", 100000))
	if want := slices.Repeat([]int{1}, 100000); !slices.Equal(got, want) {
		t.Errorf("%d ids, want %d times 1", len(got), len(want))
	}
}

func TestTextThatIsNoUTF8DoesNoHarm(t *testing.T) {
	_, m := randomModel(t, rand.New(rand.NewPCG(3, 3)), unigram.Single)
	for _, text := range []string{"\xf0", "a\xe2", "\xff\xff", "\x96a\xc3"} {
		segment(m, text)
	}
}

func TestARunOfUnknownCharactersIsOneID(t *testing.T) {
	m, err := unigram.New([]unigram.Piece{{Text: "<unk>", Reserved: true}, {Text: "a", Score: -1}}, 0, unigram.Double)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]int{
		"":           nil,
		"☃":          {0},
		"☃é\x00":     {0},
		"a☃☃a☃":      {1, 0, 1, 0},
		"<unk>a":     {0, 1}, // a reserved piece is not found in a text
		"aaa☃☃☃☃aaa": {1, 1, 1, 0, 1, 1, 1},
	} {
		if got := segment(m, text); !slices.Equal(got, want) {
			t.Errorf("%q gives %v, want %v", text, got, want)
		}
	}
}

func TestNewRefusesBrokenVocabularies(t *testing.T) {
	unknown := unigram.Piece{Reserved: true}
	for _, c := range []struct {
		name    string
		pieces  []unigram.Piece
		unknown int
		want    string
	}{
		{"no pieces", nil, 0, "outside a vocabulary of 0"},
		{"an unknown id that is none", []unigram.Piece{unknown}, 1, "unknown id 1 outside"},
		{"only reserved pieces", []unigram.Piece{unknown}, 0, "no piece that could be found"},
		{"an empty piece", []unigram.Piece{unknown, {}}, 0, "piece 1"},
		{"a piece twice", []unigram.Piece{unknown, {Text: "a"}, {Text: "a"}}, 0, "comes twice"},
		{"a piece that is no UTF-8", []unigram.Piece{unknown, {Text: "\xff"}}, 0, "no valid UTF-8"},
		{"a score that is not a number", []unigram.Piece{unknown, {Text: "a", Score: math.NaN()}}, 0, "score NaN"},
		{"an infinite score", []unigram.Piece{unknown, {Text: "a", Score: math.Inf(-1)}}, 0, "score -Inf"},
		{"a piece of a book's length", []unigram.Piece{unknown, {Text: strings.Repeat("a", 1<<20)}}, 0, "1048576 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := unigram.New(c.pieces, c.unknown, unigram.Single); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func BenchmarkSegment(b *testing.B) {
	pieces := []unigram.Piece{{Reserved: true}}
	for i := range 1000 {
		pieces = append(pieces, unigram.Piece{Text: fmt.Sprintf("▁%d", i), Score: -float64(i%17) - 1}, unigram.Piece{Text: fmt.Sprintf("%d", i), Score: -float64(i%19) - 1})
	}
	m, err := unigram.New(pieces, 0, unigram.Single)
	if err != nil {
		b.Fatal(err)
	}
	text := []byte(strings.Repeat("▁1234567▁890", 1000))
	s := m.NewSegmenter()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.Reset()
		s.Write(text)
		s.Flush()
	}
}
