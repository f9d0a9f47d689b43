package docs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/kernel/interp/symbols/docs"
)

const source = `// Package shapes knows shapes.
//
// All of them.
package shapes

import "io"

// Sides by name.
const (
	Three = 3 // a triangle's
	Four  = 4
)

// Circle is round.
type Circle struct {
	Radius float64 // in meters
	io.Reader

	center int
}

// NewCircle makes one.
func NewCircle(radius float64) *Circle { return nil }

// Area is what it covers.
func (c *Circle) Area() (squareMeters float64) { return 0 }

func (c *Circle) hidden() {}

// Shape is any.
type Shape interface {
	// Area is in square meters.
	Area() float64
	io.Closer
}

// Map maps.
func Map[T, U any](list []T, by func(T) U) []U { return nil }

// Unit is the unit circle.
var Unit, Zero = Circle{Radius: 1}, Circle{}
`

func read(t *testing.T) docs.Package {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"shapes.go": source, "shapes_test.go": "package shapes\n\nfunc Tested() {}\n", "other_windows.go": "package shapes\n\nfunc Windows() {}\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read, err := docs.Read(dir, "example.com/shapes")
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func TestEveryExportedNameHasItsDeclarationAndDoc(t *testing.T) {
	got := read(t)
	want := docs.Package{
		"":              {`package shapes // import "example.com/shapes"`, "Package shapes knows shapes.\n\nAll of them."},
		"Three":         {"const Three = 3", "a triangle's"},
		"Four":          {"const Four = 4", "Sides by name."},
		"Circle":        {"type Circle struct {\n\tRadius float64 // in meters\n\tio.Reader\n\t// and unexported fields\n}", "Circle is round."},
		"Circle.Radius": {"field Radius float64", "in meters"},
		"Circle.Area":   {"func (c *Circle) Area() (squareMeters float64)", "Area is what it covers."},
		"NewCircle":     {"func NewCircle(radius float64) *Circle", "NewCircle makes one."},
		"Shape":         {"type Shape interface {\n\t// Area is in square meters.\n\tArea() float64\n\tio.Closer\n}", "Shape is any."},
		"Shape.Area":    {"func (Shape) Area() float64", "Area is in square meters."},
		"Map":           {"func Map[T, U any](list []T, by func(T) U) []U", "Map maps."},
		"Unit":          {"var Unit, Zero = Circle{Radius: 1}, Circle{}", "Unit is the unit circle."},
		"Zero":          {"var Unit, Zero = Circle{Radius: 1}, Circle{}", "Unit is the unit circle."},
	}
	for name, entry := range want {
		if got[name] != entry {
			t.Errorf("%s: got %q, want %q", name, got[name], entry)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s has an entry", name)
		}
	}
}

func TestAFolderWithoutAPackageIsAnError(t *testing.T) {
	_, err := docs.Read(t.TempDir(), "example.com/nothing")
	if err == nil || !strings.Contains(err.Error(), "reading the docs of example.com/nothing") {
		t.Errorf("got %v", err)
	}
}
