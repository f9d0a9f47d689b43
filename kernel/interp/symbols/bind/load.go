package bind

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"sync"

	"golang.org/x/tools/go/packages"
)

// Package is a package to be bound.
type Package struct {
	loaded *packages.Package
	bound  map[string]bool // by path: the packages that are bound beside it

	siblings map[string]*Package // by path: those loaded with it
	concrete func() (*concretePart, error)
	generics func() (*genericPart, error)
}

// Path is the package's import path.
func (p *Package) Path() string { return p.loaded.PkgPath }

// Config says where packages are looked for.
type Config struct {
	Dir   string   // where the go command works
	Flags []string // of the go command
	Bound []string // paths of the packages that have bindings elsewhere
}

// Load reads packages by their import paths. It fails if one does not compile.
func Load(ctx context.Context, config Config, paths ...string) ([]*Package, error) {
	loaded, err := packages.Load(&packages.Config{
		Context:    ctx,
		Dir:        config.Dir,
		BuildFlags: config.Flags,
		Mode:       packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedModule,
	}, paths...)
	if err != nil {
		return nil, fmt.Errorf("loading packages to bind: %w", err)
	}
	known := map[string]bool{"unsafe": true}
	for _, path := range config.Bound {
		known[path] = true
	}
	var all []*Package
	siblings := map[string]*Package{}
	for _, p := range loaded {
		for _, problem := range p.Errors {
			err = errors.Join(err, fmt.Errorf("%s: %w", p.PkgPath, problem))
		}
		known[p.PkgPath] = true
		one := &Package{loaded: p, bound: known, siblings: siblings}
		one.concrete, one.generics = sync.OnceValues(one.withoutGenerics), sync.OnceValues(one.onlyGenerics)
		siblings[p.PkgPath] = one
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b *Package) int { return cmp.Compare(a.Path(), b.Path()) })
	return all, err
}

// exported lists the package's exported objects by name.
func (p *Package) exported() []types.Object {
	var objects []types.Object
	scope := p.loaded.Types.Scope()
	for _, name := range scope.Names() {
		if token.IsExported(name) {
			objects = append(objects, scope.Lookup(name))
		}
	}
	return objects
}

// Generics names the exported functions and types that take type parameters. A binding leaves them out.
func (p *Package) Generics() []string {
	var names []string
	for _, object := range p.exported() {
		if isGeneric(object) {
			names = append(names, object.Name())
		}
	}
	return names
}

func isGeneric(object types.Object) bool {
	typed, ok := object.Type().(interface{ TypeParams() *types.TypeParamList })
	if instance, ok := object.Type().(interface{ TypeArgs() *types.TypeList }); ok && instance.TypeArgs().Len() > 0 {
		return false // type T = List[int]
	}
	return ok && typed.TypeParams().Len() > 0
}

// isConstraint tells whether an object is a type that only type parameters have.
func isConstraint(object types.Object) bool {
	name, ok := object.(*types.TypeName)
	if !ok {
		return false
	}
	constraint, ok := name.Type().Underlying().(*types.Interface)
	return ok && !constraint.IsMethodSet()
}
