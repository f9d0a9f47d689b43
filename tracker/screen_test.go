package tracker_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"paperlab/tracker"
)

func TestScreen(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", []string{}},
		{"plain lines", "one\ntwo\n", []string{"one", "two"}},
		{"an empty line", "one\n\ntwo", []string{"one", "", "two"}},
		{"a progress bar in one line", "\r 0%|   |\r 50%|## |\r100%|###|\n", []string{"100%|###|"}},
		{"a shorter text leaves the end of the longer", "abcdef\rxy\n", []string{"xycdef"}},
		{"erased to the end of the line", "abcdef\rxy\x1b[K\n", []string{"xy"}},
		{"erased from the beginning of the line", "abcdef\x1b[3D\x1b[1K\n", []string{"    ef"}},
		{"a whole line erased", "abcdef\x1b[2Kg\n", []string{"      g"}},
		{"line ends of Windows", "one\r\ntwo\r\n", []string{"one", "two"}},
		{"backspaces", "abc\b\bX\n", []string{"aXc"}},
		{"more backspaces than characters", "ab\b\b\b\bX\n", []string{"Xb"}},
		{"tabs", "a\tb\n", []string{"a       b"}},
		{"colours", "\x1b[1;31mred\x1b[0m \x1b[38;5;12mblue\x1b[m\n", []string{"red blue"}},
		{"two bars, redrawn together", "a 0%\nb 0%\n\x1b[2A\ra 100%\nb 50%\n", []string{"a 100%", "b 50%"}},
		{"lines above, by number", "a\nb\n\x1b[1Fc\n", []string{"a", "c"}},
		{"down to a line that is not there yet, but no further", "a\x1b[9Bb\n", []string{"a", " b"}},
		{"a column by number", "abcdef\x1b[3GX\n", []string{"abXdef"}},
		{"a place by row and column", "a\nb\n\x1b[1;3HX\x1b[Hy", []string{"y X", "b"}},
		{"a position that was saved", "a\x1b7b\x1b8c\x1b[sde\x1b[uf\n", []string{"acfe"}},
		{"the screen cleared", "old\n\x1b[2J\x1b[Hnew\n", []string{"new"}},
		{"the rest of the screen cleared", "a\nb\nc\x1b[2A\r\x1b[J\n", []string{""}},
		{"the screen cleared up to here", "a\nb\nc\x1b[1Ad\x1b[1J", []string{"", "", "c"}},
		{"a title is no text", "\x1b]0;title\atext\x1b]2;x\x1b\\!\n", []string{"text!"}},
		{"a title that never ends", "\x1b]0;title\nnext\n", []string{"", "next"}},
		{"a sequence that is broken off", "a\x1b[3", []string{"a"}},
		{"a sequence with a line end in it", "a\x1b[3\nb", []string{"a", "b"}},
		{"a character set", "a\x1b(Bb\n", []string{"ab"}},
		{"private modes", "\x1b[?25la\x1b[?25h\n", []string{"a"}},
		{"moves beyond the edges", "a\x1b[99A\x1b[99D\x1b[99999999999999999999CB\x1b[99B\rc\n", []string{"a" + strings.Repeat(" ", 999) + "B", "c"}},
		{"a bell", "a\ab\n", []string{"ab"}},
		{"spaces at the end", "a  \n", []string{"a"}},
		{"blocks of a bar", "\r\u2588\u258f|\r\u2588\u2588|\n", []string{"\u2588\u2588|"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			// The pieces may be cut anywhere.
			runes := []rune(c.text)
			for cut := range len(runes) + 1 {
				chunks := []tracker.Console{{Stream: "stdout", Text: string(runes[:cut])}, {Stream: "stderr", Text: string(runes[cut:])}}
				if got := tracker.Screen(chunks); !slices.Equal(got, c.want) {
					t.Fatalf("cut at %d: got %q, want %q", cut, got, c.want)
				}
			}
		})
	}
}

func FuzzScreen(f *testing.F) {
	for _, seed := range []string{"a\rb\x1b[2A\x1b[K", "\x1b[9999999;9H\t\t", "\x1b]0;x", "\x1b[1J\x1b[2J\b", "\u009b3C", "0\x1b[B0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := tracker.Screen([]tracker.Console{{Text: text}})
		if len(lines) > len(text) {
			t.Errorf("%q: %d lines", text, len(lines))
		}
		for _, line := range lines {
			if strings.ContainsAny(line, "\n\r\x1b\b") {
				t.Errorf("%q: line %q", text, line)
			}
		}
	})
}

// A progress bar that was drawn a hundred times is one line.
func ExampleScreen() {
	var chunks []tracker.Console
	for percent := range 101 {
		chunks = append(chunks, tracker.Console{Stream: "stderr", Text: fmt.Sprintf("\rtraining %3d%%", percent)})
	}
	chunks = append(chunks, tracker.Console{Stream: "stdout", Text: "\nloss 0.5\n"})
	for _, line := range tracker.Screen(chunks) {
		fmt.Println(line)
	}
	// Output:
	// training 100%
	// loss 0.5
}
