package interp_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"paperlab/kernel/interp"
)

// complete completes a source at its | and returns the matches that the filter lets pass.
func complete(n *notebook, source string) interp.Completion {
	cursor := strings.Index(source, "|")
	return n.in.Complete(source[:cursor]+source[cursor+1:], cursor)
}

func TestComplete(t *testing.T) {
	n := newNotebook(t)
	if got := n.run("import (\n\t\"fmt\"\n\t\"strings\"\n\t\"bytes\"\n)\n" +
		"type Point struct {\n\tX, Y int\n\tlabel string\n}\nfunc (p *Point) Move(dx int) {}\nfunc (p Point) Norm() float64 { return 0 }\n" +
		"type Named struct {\n\tPoint\n\tName string\n}\n" +
		"points := []Point{{1, 2, \"a\"}}\nvar named Named\nvar buf bytes.Buffer\nfunc scale(by float64) float64 { return by }\nconst limit = 10"); got != "" {
		t.Fatal(got)
	}
	for _, row := range []struct{ name, source, want string }{
		{"live names", "poi|", "points variable []Point"},
		{"functions", "x := sca|", "scale function func(by float64) float64"},
		{"constants", "lim|", "limit constant untyped int"},
		{"imports", "fm|", "fmt package fmt"},
		{"keywords", "fallt|", "fallthrough keyword"},
		{"predeclared values", "ct|", "ctx variable context.Context"},
		{"predeclared functions", "mus|", "must function func[T any](v T, err error) T"},
		{"built-in functions", "cle|", "clear function"},
		{"members of a package", "strings.ToUp|", "ToUpper function func(s string) string, ToUpperSpecial function func(c unicode.SpecialCase, s string) string"},
		{"nothing that a package keeps to itself", "strings.asci|", ""},
		{"fields and methods", "points[0].|", "Move method func(dx int), Norm method func() float64, X field int, Y field int, label field string"},
		{"what is embedded", "named.|", "Move method func(dx int), Name field string, Norm method func() float64, Point field Point, X field int, Y field int, label field string"},
		{"methods of a call's result", "strings.NewReader(\"\").Le|", "Len method func() int"},
		{"methods of a bound type", "buf.WriteS|", "WriteString method func(s string) (n int, err error)"},
		{"methods of a type", "Point.|", "Move method func(dx int), Norm method func() float64"},
		{"names of the same cell", "total := 1.5\nfmt.Println(tot|)", "total variable float64"},
		{"members of names of the same cell", "b := points[0]\nb.No|", "Norm method func() float64"},
		{"locals in a function body", "func f(width int) {\n\twide := width\n\twi|\n}", "wide variable int, width variable int"},
		{"locals in an unfinished body", "func f(width int) {\n\tfor i, p := range points {\n\t\tp.|", "Move method func(dx int), Norm method func() float64, X field int, Y field int, label field string"},
		{"names in an unfinished call", "fmt.Println(poin|", "points variable []Point"},
		{"in the head of a loop", "for range poin|", "points variable []Point"},
		{"in an unfinished condition", "if named.Na|", "Name field string"},
		{"not what is declared later in a body", "func f() {\n\tlat|\n\tlater := 1\n\t_ = later\n}", ""},
		{"fields in a struct literal", "Named{Na|}", "Name field string, Named type struct{Point; Name string}"},
		{"the rest of a word is replaced", "po|xyz := 1", "points variable []Point"},
		{"import paths", `import "encoding/js|"`, "encoding/json package"},
		{"import paths in a group", "import (\n\t\"fmt\"\n\t\"encoding/xm|", "encoding/xml package"},
		{"nothing in a string", `x := "poi|"`, ""},
		{"nothing in a comment", "// poi|", ""},
		{"nothing in a number", "x := 12|", ""},
		{"nothing behind what is unknown", "nope.|", ""},
		{"despite errors elsewhere", "x := nope\ny := \"a\" + 1\nnamed.Nam|", "Name field string"},
		{"despite a broken line", "for := = (\nfmt.Println(poi|", "points variable []Point"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := complete(n, row.source)
			var got []string
			for _, m := range c.Matches {
				got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s", m.Text, m.Kind, m.Type)))
			}
			if text := strings.Join(got, ", "); text != row.want {
				t.Errorf("%s gives\n%s\ninstead of\n%s", row.source, text, row.want)
			}
		})
	}
}

func TestCompletionReplacesTheWordBeforeTheCursor(t *testing.T) {
	n := newNotebook(t)
	n.run("import \"strings\"")
	for source, want := range map[string]string{"x := strings.ToU|": "13-16", "strings.|": "8-8", "st|": "0-2", `import "enc|oding"`: "8-11", "|": "0-0"} {
		c := complete(n, source)
		if got := fmt.Sprintf("%d-%d", c.Start, c.End); got != want {
			t.Errorf("%s replaces %s instead of %s", source, got, want)
		}
	}
}

func TestCompletionInAnEmptyCellOffersAllNames(t *testing.T) {
	n := newNotebook(t)
	n.run("mine := 1")
	c := complete(n, "|")
	for _, want := range []string{"mine", "ctx", "must", "append", "string"} {
		if !slices.ContainsFunc(c.Matches, func(m interp.Match) bool { return m.Text == want }) {
			t.Errorf("%s is not offered", want)
		}
	}
}

func TestInspect(t *testing.T) {
	n := newNotebook(t)
	if got := n.run("import \"strings\"\n\n// scale multiplies.\n// Twice.\nfunc scale(by float64) float64 { return by }\n" +
		"// Point is a place.\ntype Point struct {\n\tX, Y int // where\n}\n\n// Move goes elsewhere.\nfunc (p *Point) Move(dx int) {}\n" +
		"// points are all.\nvar points = []Point{{1, 2}}\nname := \"a name\"\nconst limit = 10"); got != "" {
		t.Fatal(got)
	}
	for _, row := range []struct {
		name, source string
		want         interp.Inspection
	}{
		{"a function of the notebook", "sca|le(2)", interp.Inspection{Declaration: "func scale(by float64) float64", Doc: "scale multiplies.\nTwice."}},
		{"the function whose call is open", "scale(|", interp.Inspection{Declaration: "func scale(by float64) float64", Doc: "scale multiplies.\nTwice."}},
		{"a type of the notebook", "var p Point|", interp.Inspection{Declaration: "type Point struct {\n\tX, Y int // where\n}", Doc: "Point is a place."}},
		{"a method of the notebook", "points[0].Mo|ve(1)", interp.Inspection{Declaration: "func (p *Point) Move(dx int)", Doc: "Move goes elsewhere."}},
		{"a field", "points[0].X|", interp.Inspection{Declaration: "field X int"}},
		{"a variable with its value", "points|", interp.Inspection{Declaration: "var points []Point", Doc: "points are all.", Value: "[{X:1 Y:2}]"}},
		{"a string", "|name", interp.Inspection{Declaration: "var name string", Value: `"a name"`}},
		{"a constant", "limit|", interp.Inspection{Declaration: "const limit untyped int = 10"}},
		{"a name of the same cell", "// twice doubles.\nfunc twice(n int) int { return 2 * n }\ntwi|ce(2)", interp.Inspection{Declaration: "func twice(n int) int", Doc: "twice doubles."}},
		{"a local", "func f(width int) { _ = wi|dth }", interp.Inspection{Declaration: "var width int"}},
		{"what the prelude declares", "must(|", interp.Inspection{Declaration: "func must[T any](v T, err error) T", Doc: "must returns v, or ends the cell with err if that is not nil: data := must(os.ReadFile(\"notes.txt\"))."}},
	} {
		t.Run(row.name, func(t *testing.T) {
			cursor := strings.Index(row.source, "|")
			got, ok := n.in.Inspect(strings.Replace(row.source, "|", "", 1), cursor)
			if !ok || got != row.want {
				t.Errorf("%s gives\n%+v\ninstead of\n%+v", row.source, got, row.want)
			}
		})
	}
	if got, ok := n.in.Inspect("strings.Cut(", 9); !ok || got.Package != "strings" || !strings.HasPrefix(got.Declaration, "func Cut(s, sep string)") {
		t.Errorf("strings.Cut gives %+v", got)
	}
	if got, ok := n.in.Inspect("strings.Cut", 3); !ok || got.Package != "strings" {
		t.Errorf("package strings gives %+v", got)
	}
	if got, ok := n.in.Inspect("nope + 1", 2); ok {
		t.Errorf("an unknown name gives %+v", got)
	}
}

func TestNamesListsWhatCellsDeclared(t *testing.T) {
	n := newNotebook(t)
	n.run("import \"fmt\"\nx := 1\nfunc f() {}\ntype T struct{ a int }\nvar m = map[string]int{\"a\": 1}\nconst c = 'x'")
	var got []string
	for _, name := range n.in.Names() {
		got = append(got, strings.TrimSpace(fmt.Sprint(name.Name, " ", name.Kind, " ", name.Type, " ", name.Value)))
	}
	want := "T type struct{a int}, c constant untyped rune, f function func(), fmt package fmt, m variable map[string]int 1 keys, x variable int 1"
	if text := strings.Join(got, ", "); text != want {
		t.Errorf("got\n%s\ninstead of\n%s", text, want)
	}
}

func TestIsComplete(t *testing.T) {
	for _, row := range []struct {
		source string
		want   interp.Completeness
		indent string
	}{
		{"", interp.Complete, ""},
		{"x := 1", interp.Complete, ""},
		{"// only a comment", interp.Complete, ""},
		{"func f() {\n}", interp.Complete, ""},
		{"x := \"{\"", interp.Complete, ""},
		{"import \"fmt\"\nfmt.Println(1)", interp.Complete, ""},
		{"func f() {", interp.Incomplete, "\t"},
		{"func f() {\n\tfor {", interp.Incomplete, "\t\t"},
		{"func f() { // {", interp.Incomplete, "\t"},
		{"if x := \"}\"; x != \"\" {\n", interp.Incomplete, "\t"},
		{"f(1,", interp.Incomplete, "\t"},
		{"f(1,\n\t2,", interp.Incomplete, "\t"},
		{"f(1", interp.Incomplete, "\t"},
		{"x := []int{\n\t1,", interp.Incomplete, "\t"},
		{"x := 1 +", interp.Incomplete, "\t"},
		{"x :=", interp.Incomplete, "\t"},
		{"import (", interp.Incomplete, "\t"},
		{"x := `raw", interp.Incomplete, ""},
		{"/* begun", interp.Incomplete, ""},
		{"x := \"open", interp.Invalid, ""},
		{"x ::= 1", interp.Invalid, ""},
		{"func f() { x ::= 1", interp.Invalid, ""},
		{"}", interp.Invalid, ""},
		{"f(]", interp.Invalid, ""},
		{"x := )", interp.Invalid, ""},
	} {
		state, indent := interp.IsComplete(row.source)
		if state != row.want || indent != row.indent {
			t.Errorf("%q is %s, indent %q, instead of %s, %q", row.source, state, indent, row.want, row.indent)
		}
	}
}

func TestCompletionAndInspectionWhileACellRuns(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	n := newNotebook(t, interp.Predeclare("wait", func(context.Context) func() { return func() { close(started); <-release } }))
	n.run("type T struct{ field int }\nvalue := T{1}")
	done := make(chan string)
	go func() { done <- n.run("wait()\nfor i := range 100 { value.field = i }\nvalue.field") }()
	<-started
	if c := complete(n, "value.fi|"); len(c.Matches) != 1 {
		t.Errorf("matches %v", c.Matches)
	}
	if got, ok := n.in.Inspect("value", 2); !ok || got.Value != "" {
		t.Errorf("inspection gives %+v, with a value that the cell may be writing", got)
	}
	close(release)
	for range 100 {
		complete(n, "val|")
		n.in.Names()
	}
	if got := <-done; got != "99" {
		t.Errorf("the cell gives %s", got)
	}
}

func FuzzComplete(f *testing.F) {
	for _, source := range []string{"x := 1\nx.|", "import \"|", "func f(a int) { for i := range a { |", "T{|}", "func (t *T) M() { t.|", "}|{", "type T[P any] struct{ T[|", "a, b := |", "switch x := any(1).(type) { case |"} {
		f.Add(strings.Replace(source, "|", "", 1), strings.Index(source, "|"))
	}
	n := newNotebook(f)
	n.run("import \"fmt\"\ntype T struct{ field int }\nfunc (T) Method() {}\nt := T{}")
	f.Fuzz(func(t *testing.T, source string, cursor int) {
		c := n.in.Complete(source, cursor)
		if c.Start < 0 || c.Start > c.End || c.End > len(source) {
			t.Errorf("replaces %d-%d of %d bytes", c.Start, c.End, len(source))
		}
		n.in.Inspect(source, cursor)
	})
}
