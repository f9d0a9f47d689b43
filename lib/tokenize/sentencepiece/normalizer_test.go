package sentencepiece_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"paperlab/lib/tokenize/sentencepiece"
)

func normalizer(t testing.TB, rules map[string]string, change func(*sentencepiece.Model)) *sentencepiece.Normalizer {
	t.Helper()
	charsmap, err := sentencepiece.CompileCharsmap(rules)
	if err != nil {
		t.Fatal(err)
	}
	m := small()
	m.Charsmap = charsmap
	if change != nil {
		change(m)
	}
	n, err := m.NewNormalizer()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// rules have prefixes of one another, replacements with spaces and without anything.
var rules = map[string]string{"\n": " ", "é": "e", "e\u0301": "e", "ab": "X", "abcd": "Y", "¨": " \u0308", "\u200b": "", "…": "...", "\ufffd": "?"}

func TestNormalize(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a text gets a space before it", "word", "▁word"},
		{"runs of spaces become one", "a  b   c", "▁a▁b▁c"},
		{"spaces around the text go", "  a ", "▁a"},
		{"nothing stays nothing", "", ""},
		{"only spaces are nothing", " \n ", ""},
		{"the longest rule wins", "ab abc abcd abcde", "▁X▁Xc▁Y▁Ye"},
		{"a rule may begin with ASCII and go on", "cafe\u0301 café e", "▁cafe▁cafe▁e"},
		{"a space that a rule writes is a space", "a \u00a8 b", "▁a▁\u0308▁b"},
		{"a rule may write nothing", "a\u200bb\u200b \u200b c", "▁ab▁c"},
		{"a literal mark stays, but not at the end", "▁a ▁ b▁ ▁", "▁▁a▁▁▁b"},
		{"only marks are nothing", "▁ ▁", ""},
		{"a rule may write more", "a…", "▁a..."},
		{"bytes that are no UTF-8 are U+FFFD, one each", "a\xff\xe2\x96b", "▁a???b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := normalizer(t, rules, nil).Normalize(c.text); got != c.want {
				t.Errorf("Normalize(%q) = %q, want %q", c.text, got, c.want)
			}
		})
	}
}

func TestNormalizeAsTheModelSays(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*sentencepiece.Model)
		want   string
	}{
		{"without a prefix", func(m *sentencepiece.Model) { m.AddDummyPrefix = false }, "a▁b"},
		{"with extra spaces", func(m *sentencepiece.Model) { m.RemoveExtraWhitespaces = false }, "▁▁a▁▁b▁"},
		{"with spaces as they are", func(m *sentencepiece.Model) { m.EscapeWhitespaces = false }, " a b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := normalizer(t, rules, c.change).Normalize(" a  b "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// FuzzStream holds that the size of the steps does not matter.
func FuzzStream(f *testing.F) {
	f.Add(" a \n ▁ab…  cafe\u0301▁ \xff ", 1)
	f.Add(strings.Repeat("▁ ", 10)+"x", 3)
	n := normalizer(f, rules, nil)
	f.Fuzz(func(t *testing.T, text string, size int) {
		var got []byte
		s := n.Stream(text)
		for more := true; more; {
			got, more = s.Next(got, size)
		}
		if want := n.Normalize(text); string(got) != want {
			t.Errorf("%q in steps of %d: %q, want %q", text, size, got, want)
		}
	})
}

func TestCompileCharsmapHoldsEveryRule(t *testing.T) {
	many := map[string]string{}
	for r := rune(1); r < 600; r++ {
		many[string(r)] = string(r + 1)
		many[string(r)+"x"] = "y"
	}
	b, err := sentencepiece.CompileCharsmap(many)
	if err != nil {
		t.Fatal(err)
	}
	c, err := sentencepiece.ParseCharsmap(b)
	if err != nil {
		t.Fatal(err)
	}
	for from, to := range many {
		if got, n := c.Longest(from + "\x00z"); got != to || n != len(from) {
			t.Fatalf("Longest(%q) = %q, %d, want %q", from, got, n, to)
		}
	}
	if got, n := c.Shortest("éx"); got != "ê" || n != 2 {
		t.Errorf("Shortest = %q, %d", got, n)
	}
	if _, n := c.Longest("\u4e00x"); n != 0 {
		t.Errorf("a rule of %d bytes for a character without one", n)
	}
}

func TestCompileCharsmapRefusesWhatItCannotWrite(t *testing.T) {
	for _, from := range []string{"", "a\x00"} {
		if _, err := sentencepiece.CompileCharsmap(map[string]string{from: "x"}); err == nil {
			t.Errorf("no error for the rule %q", from)
		}
	}
}

func TestParseCharsmapRefusesBrokenOnes(t *testing.T) {
	array := func(size uint32, rest string) string {
		return string(binary.LittleEndian.AppendUint32(nil, size)) + rest
	}
	for _, c := range []struct{ name, bytes, want string }{
		{"too short for its length", "abc", "cut off"},
		{"an array that is cut off", array(8, "1234"), "says that its array has 8 bytes"},
		{"half a unit", array(3, "123"), "says that its array has 3 bytes"},
		{"replacements that are no UTF-8", array(0, "\xff\x00"), "no valid UTF-8"},
		{"a replacement without an end", array(0, "x"), "cut off"},
		{"a replacement of a book's length", array(0, strings.Repeat("x", 5000)+"\x00"), "5000 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := sentencepiece.ParseCharsmap([]byte(c.bytes)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}
