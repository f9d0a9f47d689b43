package interp

import (
	"bytes"
	"go/token"
	"strings"
	"testing"
)

func TestSplitKeepsEveryByteInItsPlace(t *testing.T) {
	for _, row := range []struct{ name, source, file, body string }{
		{"statements", "x := 1", "      ", "x := 1"},
		{"a function", "func f() {}\nx := 1", "func f() {}\n      ", "           \nx := 1"},
		{"several in a line", "x := 1; func f() {}; y", "        func f() {};  ", "x := 1;              y"},
		{"a method", "func (t T) M() {}", "func (t T) M() {}", "                 "},
		{"a function literal", "func() {}()", "           ", "func() {}()"},
		{"a literal with a result", "func (t T) int { return 1 }(x)", strings.Repeat(" ", 30), "func (t T) int { return 1 }(x)"},
		{"imports", "import (\n\"a\"\n)\nx", "import (\n\"a\"\n)\n ", "        \n   \n \nx"},
		{"a package clause", "package p\nx", "         \n ", "         \nx"},
		{"declarations that both may hold", "var x int\ntype T int", "         \n          ", "var x int\ntype T int"},
		{"comments stay in both", "// a\nfunc f() {} // b", "// a\nfunc f() {} // b", "// a\n            // b"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := split([]byte(row.source))
			if string(p.file) != row.file || string(p.body) != row.body {
				t.Errorf("%q gives\n%q\n%q\ninstead of\n%q\n%q", row.source, p.file, p.body, row.file, row.body)
			}
		})
	}
}

func FuzzSplit(f *testing.F) {
	for _, source := range []string{"x := 1; func f() {}", "package p\nimport \"a\"", "func (t T) M() {", "/* a", "}", "`", "//line a:1\r\nx", "func(", "\"\\", "x /*a\n*/ func f() {}", "\xff\x00"} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		p := split([]byte(source))
		if len(p.file) != len(source) || len(p.body) != len(source) {
			t.Fatalf("parts of %d and %d bytes of a source of %d", len(p.file), len(p.body), len(source))
		}
		if got, want := bytes.Count(p.body, []byte("\n")), strings.Count(source, "\n"); got != want {
			t.Errorf("%d lines of %d", got, want)
		}
		s, complaints := parse(token.NewFileSet(), Cell{Number: 1, Source: source})
		for _, d := range complaints {
			if d.Line < 1 || d.Line > strings.Count(source, "\n")+1 || d.Column < 1 {
				t.Errorf("%v is no place in the source", d)
			}
		}
		newProgram(s)
		IsComplete(source)
		for cursor := range min(len(source), 20) {
			placeAt(source[:cursor])
		}
	})
}
