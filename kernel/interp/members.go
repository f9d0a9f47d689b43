package interp

import (
	"go/ast"
	"go/token"
	"go/types"
)

// members are what can stand behind x and a dot.
func (p *probe) members(x ast.Expr) []Match {
	if id, ok := x.(*ast.Ident); ok {
		if pkg, ok := p.info.Uses[id].(*types.PkgName); ok {
			return packageMembers(pkg.Imported())
		}
	}
	tv, ok := p.info.Types[x]
	if !ok || tv.Type == nil {
		return nil
	}
	var out []Match
	if !tv.IsType() {
		if fields, ok := dereferenced(tv.Type).Underlying().(*types.Struct); ok {
			out = fieldMatches(fields)
		}
	}
	return append(out, methodMatches(tv.Type)...)
}

func packageMembers(pkg *types.Package) []Match {
	var out []Match
	for _, name := range pkg.Scope().Names() {
		if token.IsExported(name) {
			out = append(out, match(name, pkg.Scope().Lookup(name)))
		}
	}
	return out
}

// fieldMatches are a struct's fields, also those of structs embedded in it.
func fieldMatches(fields *types.Struct) []Match {
	var out []Match
	seen := map[types.Type]bool{}
	var add func(*types.Struct)
	add = func(s *types.Struct) {
		if seen[s] {
			return
		}
		seen[s] = true
		for f := range s.Fields() {
			if visible(f) {
				out = append(out, match(f.Name(), f))
			}
			if inner, ok := dereferenced(f.Type()).Underlying().(*types.Struct); ok && f.Embedded() {
				add(inner)
			}
		}
	}
	add(fields)
	return out
}

// methodMatches are the methods of a value of the type, which is taken to be addressable.
func methodMatches(typ types.Type) []Match {
	if _, ok := typ.Underlying().(*types.Pointer); !ok && !types.IsInterface(typ) {
		typ = types.NewPointer(typ)
	}
	var out []Match
	set := types.NewMethodSet(typ)
	for selection := range set.Methods() {
		if method := selection.Obj(); visible(method) {
			out = append(out, match(method.Name(), method))
		}
	}
	return out
}

// visible says whether a cell can use a field or method.
func visible(object types.Object) bool {
	return object.Exported() || object.Pkg() != nil && object.Pkg().Path() == cellPath
}

// dereferenced is what a pointer points to, or the type itself.
func dereferenced(typ types.Type) types.Type {
	if pointer, ok := typ.Underlying().(*types.Pointer); ok {
		return pointer.Elem()
	}
	return typ
}
