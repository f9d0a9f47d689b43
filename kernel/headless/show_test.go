package headless_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/kernel/headless"
)

// observed runs cells and returns what an observer wrote.
func observed(t *testing.T, observe func(headless.Event), sources ...string) {
	t.Helper()
	o := options()
	o.Observe = observe
	o.AllowErrors = true
	if err := headless.Run(t.Context(), notebook(sources...), filepath.Join(t.TempDir(), "nb.ipynb"), &script{}, o); err != nil {
		t.Fatal(err)
	}
}

func TestPlainWritesEachThingOnce(t *testing.T) {
	for name, c := range map[string]struct{ source, out, err string }{
		"outputs and errors apart":              {"out a\nerr b\nvalue 3", "a\n3\n", "b\n"},
		"a display begins a line":               {"part a\nshow - pic\nout b", "a\npic\nb\n", ""},
		"a traceback without colors":            {"fail x", "", "panic: x\nIn[1]:1\n"},
		"of updates the first and the last":     {"show x 0%\nupdate x 50%\nout between\nupdate x 100%", "0%\nbetween\n100%\n", ""},
		"nothing again that did not change":     {"show x 0%\nout a", "0%\na\n", ""},
		"what is left behind the last clearing": {"out a\nclear wait\nout b\nshow x 1\nclear wait\nout c\nshow x 2\nupdate x 3", "a\nc\n3\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var out, err bytes.Buffer
			observed(t, headless.NewPlain(&out, &err, clock()).Observe, c.source)
			heading, _, _ := strings.Cut(c.source, "\n")
			wantErr := "[1/1] " + heading + "\n" + c.err + "      took 1s\n"
			if out.String() != c.out || err.String() != wantErr {
				t.Errorf("out %q, want %q\nerr %q, want %q", out.String(), c.out, err.String(), wantErr)
			}
		})
	}
}

func TestPlainTellsEveryTenSecondsWhatChanges(t *testing.T) {
	var out, err bytes.Buffer
	cell := "show bar 0%\nshow table head"
	for i := range 25 { // a second each by the clock
		cell += "\nupdate bar " + strings.Repeat("#", i)
	}
	observed(t, headless.NewPlain(&out, &err, clock()).Observe, cell)
	want := "[1/1] show bar 0%\n      #########\n      ###################\n      took 1s\n"
	if err.String() != want || out.String() != "0%\nhead\n"+strings.Repeat("#", 24)+"\n" {
		t.Errorf("told %q\nwant %q\nout %q", err.String(), want, out.String())
	}
}

func TestTerminalRedrawsInPlace(t *testing.T) {
	for name, c := range map[string]struct{ source, want string }{
		"text goes through as it is":          {`part 1%\r` + "\n" + `part 2%\r`, "1%\r2%\r"},
		"the last display":                    {"show x a\nupdate x b", "a\n\x1b[1F\x1b[Jb\n"},
		"all from the one that changes":       {"show x a\nshow y b\nupdate x c", "a\nb\n\x1b[2F\x1b[Jc\nb\n"},
		"every one of an ID":                  {"show x a\nshow y b\nshow x a\nupdate x c", "a\nb\na\n\x1b[3F\x1b[Jc\nb\nc\n"},
		"lines that wrap":                     {"show x 0123456789abc\nupdate x b", "0123456789abc\n\x1b[2F\x1b[Jb\n"},
		"wide letters":                        {"show x 日本語日本語\nupdate x b", "日本語日本語\n\x1b[2F\x1b[Jb\n"},
		"at the end, what text has pushed up": {"show x a\nout t\nupdate x b\nupdate x c\nout u", "a\nt\nu\nc\n"},
		"at the end, what is out of sight": {"show x " + strings.Repeat("0123456789", 5) + "\nupdate x b",
			strings.Repeat("0123456789", 5) + "\nb\n"},
		"what is cleared is erased":          {"show - a\nclear\nshow - b", "a\n\x1b[1F\x1b[Jb\n"},
		"an error keeps its colors":          {"fail x", "\x1b[31mpanic: x\x1b[0m\nIn[1]:1\n"},
		"a display begins a line of its own": {"part a\nshow - b", "a\nb\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			observed(t, headless.NewTerminal(&out, 10, 5).Observe, c.source)
			heading, _, _ := strings.Cut(c.source, "\n")
			got := strings.TrimPrefix(out.String(), "\x1b[2m[1/1] "+heading+"\x1b[0m\n")
			got = strings.TrimSuffix(got, "\x1b[2m      took 1s\x1b[0m\n")
			if strings.TrimSuffix(got, "\n") != strings.TrimSuffix(c.want, "\n") {
				t.Errorf("wrote %q\nwant  %q", got, c.want)
			}
		})
	}
}
