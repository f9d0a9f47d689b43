package sentencepiece_test

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"paperlab/lib/tokenize/sentencepiece"
)

// small is a model of one word.
func small() *sentencepiece.Model {
	return &sentencepiece.Model{
		Pieces: []sentencepiece.Piece{
			{Text: "<pad>", Type: sentencepiece.Control}, {Text: "</s>", Type: sentencepiece.Control},
			{Text: "<unk>", Type: sentencepiece.Unknown}, {Text: "▁paper", Score: -1.25, Type: sentencepiece.Normal},
		},
		NormalizerName: "identity", AddDummyPrefix: true, RemoveExtraWhitespaces: true, EscapeWhitespaces: true,
	}
}

func TestMarshalIsReadBack(t *testing.T) {
	for name, change := range map[string]func(*sentencepiece.Model){
		"as it is":          func(*sentencepiece.Model) {},
		"no prefix":         func(m *sentencepiece.Model) { m.AddDummyPrefix = false },
		"spaces kept":       func(m *sentencepiece.Model) { m.RemoveExtraWhitespaces = false },
		"spaces unescaped":  func(m *sentencepiece.Model) { m.EscapeWhitespaces = false },
		"an unused piece":   func(m *sentencepiece.Model) { m.Pieces[3].Type = sentencepiece.Unused },
		"without specials":  func(m *sentencepiece.Model) { m.Pieces = m.Pieces[2:] },
		"with a charsmap":   func(m *sentencepiece.Model) { m.Charsmap = []byte{0, 0, 0, 0, 'x', 0} },
		"an unnamed normal": func(m *sentencepiece.Model) { m.NormalizerName = "" },
	} {
		t.Run(name, func(t *testing.T) {
			want := small()
			change(want)
			got, err := sentencepiece.Parse(want.Marshal())
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

func TestParseRefusesWhatItCannotUse(t *testing.T) {
	whole := string(small().Marshal())
	for _, c := range []struct{ name, bytes, want string }{
		{"nothing", "", "no pieces"},
		{"text", "this is no model", "not a usable model"},
		{"a piece that is cut off", whole[:10], "cut off"},
		{"a piece longer than the file", "\x0a\xff\xff\xff\xff\x0f", "cut off"},
		{"a length of more than 64 bits", "\x0a" + strings.Repeat("\xff", 12), "cut off"},
		{"a number that is cut off", "\x08\xff", "number is cut off"},
		{"a field of number zero", "\x00\x00", "broken field key"},
		{"a group", "\x0b\x0c", "unknown kind"},
		{"a BPE model", whole + "\x12\x02\x18\x02", "only unigram models"},
		{"spaces after words", whole + "\x12\x03\xc0\x01\x01", "treat_whitespace_as_suffix"},
		{"rules for decoded texts", whole + "\x2a\x03\x12\x01x", "denormalizer_spec"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := sentencepiece.Parse([]byte(c.bytes)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestUnigramModelsOfBrokenVocabulariesAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*sentencepiece.Model)
		want   string
	}{
		"no unknown piece":     {func(m *sentencepiece.Model) { m.Pieces[2].Type = sentencepiece.Control }, "no unknown piece"},
		"two unknown pieces":   {func(m *sentencepiece.Model) { m.Pieces[1].Type = sentencepiece.Unknown }, "both the unknown one"},
		"a user-defined piece": {func(m *sentencepiece.Model) { m.Pieces[3].Type = 4 }, "not supported"},
		"a byte piece":         {func(m *sentencepiece.Model) { m.Pieces[3].Type = 6 }, "not supported"},
		"no normal piece":      {func(m *sentencepiece.Model) { m.Pieces[3].Type = sentencepiece.Unused }, "no piece that could be found"},
	} {
		t.Run(name, func(t *testing.T) {
			m := small()
			c.change(m)
			if _, err := m.NewUnigram(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(small().Marshal(), "a paper")
	m := small()
	m.Charsmap, _ = sentencepiece.CompileCharsmap(map[string]string{"\t": " ", "ﬁ": "fi", "ﬁx": ""})
	f.Add(m.Marshal(), "  ﬁx\t▁ \xff ")
	f.Fuzz(func(t *testing.T, b []byte, text string) {
		m, err := sentencepiece.Parse(b)
		if err != nil {
			return
		}
		if again, err := sentencepiece.Parse(m.Marshal()); err != nil || len(again.Pieces) != len(m.Pieces) {
			t.Fatalf("marshalled again it does not parse: %v", err)
		}
		n, err := m.NewNormalizer()
		if err != nil {
			return
		}
		normalized := n.Normalize(text)
		if !utf8.ValidString(normalized) {
			t.Fatalf("%q normalised is no valid UTF-8: %q", text, normalized)
		}
		unigram, err := m.NewUnigram()
		if err != nil {
			return
		}
		s := unigram.NewSegmenter()
		s.Write([]byte(normalized))
		s.Flush()
	})
}
