package bind_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/kernel/interp/symbols/bind"
)

// module writes a module into a folder.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func build(t *testing.T, with ...string) (output string, bound []string, log string, err error) {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command, which builds the kernel: install Go and put it in the PATH")
	}
	source, err := bind.SourceTree()
	if err != nil {
		t.Skipf("built with -trimpath: %v", err)
	}
	var said bytes.Buffer
	output = filepath.Join(t.TempDir(), "kernel")
	b := bind.Build{Source: source, Main: "kernel/interp/symbols/bind/testdata/lookup", With: with, Output: output, Log: &said}
	bound, err = b.Run(t.Context())
	return output, bound, said.String(), err
}

func TestAKernelIsBuiltWithAModule(t *testing.T) {
	greet := module(t, map[string]string{
		"go.mod":             "module example.com/greet\n\ngo 1.26\n",
		"greet.go":           "// Package greet greets.\npackage greet\n\nimport \"example.com/greet/internal/word\"\n\n// Hello greets someone.\nfunc Hello(name string) word.Word { return word.Word(\"Hello, \" + name) }\n\nfunc Map[T any](v []T) []T { return v }\n\ntype hidden struct{ X int }\n\nfunc Make() *hidden { return nil }\n",
		"loud/loud.go":       "package loud\n\n// Volume goes to eleven.\nconst Volume = 11\n",
		"internal/word/w.go": "package word\n\ntype Word string\n",
		"cmd/main.go":        "package main\n\nfunc main() {}\n",
	})
	kernel, bound, log, err := build(t, greet)
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	if got, want := strings.Join(bound, " "), "example.com/greet example.com/greet/loud"; got != want {
		t.Errorf("bound %s, want %s", got, want)
	}
	if !strings.Contains(log, "Map are generic") {
		t.Errorf("the log does not tell what was left out: %q", log)
	}
	out, err := exec.CommandContext(t.Context(), kernel, "example.com/greet", "Hello", "world").CombinedOutput()
	if want := "func Hello(name string) word.Word\nHello greets someone.\nHello, world\n"; err != nil || string(out) != want {
		t.Errorf("got %s, %v, want %s", out, err, want)
	}
}

func TestBuildSaysWhatIsWrong(t *testing.T) {
	empty := t.TempDir()
	for name, test := range map[string]struct {
		build bind.Build
		want  string
	}{
		"sources elsewhere": {bind.Build{Source: empty}, "no sources of Paperlab in " + empty},
	} {
		if _, err := test.build.Run(t.Context()); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
	if _, _, log, err := build(t, empty); err == nil || !strings.Contains(err.Error(), "is not the folder of a Go module") {
		t.Errorf("a folder without a module: got %v\n%s", err, log)
	}
	broken := module(t, map[string]string{"go.mod": "module example.com/broken\n", "b.go": "package broken\n\nvar X int = \"\"\n"})
	if _, _, log, err := build(t, broken); err == nil || !strings.Contains(err.Error(), "example.com/broken") {
		t.Errorf("a module that does not compile: got %v\n%s", err, log)
	}
	standard := module(t, map[string]string{"go.mod": "module example.com/command\n", "b.go": "package main\n\nfunc main() {}\n"})
	if _, _, _, err := build(t, standard); err == nil || !strings.Contains(err.Error(), "no package that a cell could import") {
		t.Errorf("a module with a command only: got %v", err)
	}
}
