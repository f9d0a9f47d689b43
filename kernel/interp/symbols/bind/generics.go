package bind

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// genericPart is what a package's generic declarations become.
type genericPart struct {
	source []byte   // a Go file; nil if there are none
	bodies []string // functions that it declares without bodies: the package's own
	left   []string // names that are not in it
}

// onlyGenerics writes a Go file of the package's generic declarations and those that mention them, with what they use that is
// not exported. What is exported they take from the compiled package. Left are those that cannot do so: they use a
// variable that is not exported, whose value a copy would not share, or a package that has no binding.
func (p *Package) onlyGenerics() (*genericPart, error) {
	concrete, err := p.concrete()
	if err != nil {
		return nil, err
	}
	e := extraction{pkg: p, mention: concrete.mention, places: map[types.Object]place{}, aliases: map[string]string{}}
	e.index()
	part := &genericPart{}
	chosen := map[types.Object]bool{}
	for _, object := range p.exported() {
		if !e.apart(object) {
			continue
		}
		closure := map[types.Object]bool{}
		if e.close(object, closure) {
			for used := range closure {
				chosen[used] = true
			}
		} else {
			part.left = append(part.left, object.Name())
		}
	}
	if len(chosen) == 0 {
		return part, nil
	}
	for object := range chosen {
		if e.isBodiless(object) {
			part.bodies = append(part.bodies, object.Name())
		}
	}
	slices.Sort(part.bodies)
	if part.source, err = e.write(chosen); err != nil {
		return nil, err
	}
	if p.compiles(part.source) != nil {
		return &genericPart{left: p.Generics()}, nil
	}
	return part, nil
}

// compiles checks the file as the interpreter will: as a package beside the one that it is taken from.
func (p *Package) compiles(source []byte) error {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "generic.go", source, parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("the generic declarations of %s: %w", p.Path(), err)
	}
	config := types.Config{Importer: withItself{p.loaded.Types}}
	if _, err = config.Check(p.Path()+"@patch", fset, []*ast.File{file}, nil); err != nil {
		return fmt.Errorf("the generic declarations of %s: %w", p.Path(), err)
	}
	return nil
}

// withItself imports what a package imports, and the package.
type withItself struct{ pkg *types.Package }

func (w withItself) Import(path string) (*types.Package, error) {
	if path == w.pkg.Path() {
		return w.pkg, nil
	}
	return imports(w.pkg).Import(strings.TrimPrefix(path, "vendor/"))
}
