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
	b := bind.Build{Source: source, Main: "kernel/interp/symbols/bind/testdata/cell", With: with, Output: output, Log: &said}
	bound, err = b.Run(t.Context())
	return output, bound, said.String(), err
}

func TestAKernelIsBuiltWithAModule(t *testing.T) {
	greet := module(t, map[string]string{
		"go.mod":             "module example.com/greet\n\ngo 1.26\n",
		"greet.go":           greeting,
		"set/set.go":         set,
		"internal/word/w.go": "package word\n\ntype Word string\n\nfunc (w Word) Loud() string { return string(w) + \"!\" }\n",
		"cmd/main.go":        "package main\n\nfunc main() {}\n",
	})
	old := module(t, map[string]string{"go.mod": "module example.com/old\n\ngo 1.13\n", "old.go": "package old\n\nconst Age = 7\n\nfunc Answer() int { return 42 }\n"})
	t.Setenv("GOPROXY", "off") // the third module is one that this project requires
	kernel, bound, log, err := build(t, greet, old, "github.com/rivo/uniseg@v0.4.7")
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	if got, want := strings.Join(bound, " "), "example.com/greet example.com/greet/set example.com/old github.com/rivo/uniseg"; got != want {
		t.Errorf("bound %s, want %s", got, want)
	}
	if !strings.Contains(log, "left out are the generic Count, which") {
		t.Errorf("the log does not tell what was left out: %q", log)
	}
	out, err := exec.CommandContext(t.Context(), kernel, cell, "example.com/greet", "Hello").CombinedOutput()
	want := "Hello, world! 42 7 1\n[1 2 3] true\n[1! 2!]\nfunc Hello(name string) word.Word\nHello greets someone.\n"
	if err != nil || string(out) != want {
		t.Errorf("got %s, %v, want %s", out, err, want)
	}
}

const greeting = `// Package greet greets.
package greet

import "example.com/greet/internal/word"

// Hello greets someone.
func Hello(name string) word.Word { return word.Word("Hello, " + name) }

// Map maps.
func Map[T, U any](list []T, by func(T) U) []U {
	out := make([]U, 0, len(list))
	for _, v := range list {
		out = each(out, v, by)
	}
	return out
}

func each[T, U any](out []U, v T, by func(T) U) []U { return append(out, by(v)) }

var count int

// Count uses a variable that only compiled code has.
func Count[T any](T) int { count++; return count }
`

const set = `package set

import (
	"cmp"
	sorted "slices"
	"sync"
)

const limit = 1 << 10

type table[T comparable] map[T]bool

// Set is a set.
type Set[T cmp.Ordered] struct {
	mu sync.Mutex
	in table[T]
}

func (s *Set[T]) Add(values ...T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.in == nil {
		s.in = make(table[T], min(limit, Limit))
	}
	for _, v := range values {
		s.in[v] = true
	}
}

func (s *Set[T]) Sorted() []T {
	var all []T
	for v := range s.in {
		all = append(all, v)
	}
	sorted.Sort(all)
	return all
}

// Limit is exported.
const Limit = 100

// Numbers is an instance that compiled code makes.
func Numbers() *Set[int] {
	s := new(Set[int])
	s.Add(3, 1, 2)
	return s
}
`

const cell = `
import ("example.com/greet"; "example.com/greet/set"; "fmt"; "strconv"; "example.com/old"; "github.com/rivo/uniseg")
fmt.Println(greet.Hello("world").Loud(), old.Answer(), old.Age, uniseg.GraphemeClusterCount("é"))
var own set.Set[string]
own.Add("b")
fmt.Println(set.Numbers().Sorted(), own.Sorted()[0] == "b")
fmt.Println(greet.Map([]int{1, 2}, func(n int) string { return strconv.Itoa(n) + "!" }))
`

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
