package bind

import (
	"fmt"
	"go/token"
	"go/types"

	"paperlab/kernel/interp/symbols"
)

// hiddenType is a type that a package's exported declarations reach and that no bound package names: an unexported
// type, one of an internal package, or an instance of a generic type.
type hiddenType struct {
	name  string // see symbols.TypeName
	route string // a Go expression of the reflect.Type
}

// hidden finds the types in the order in which the declarations reach them. The routes call the package by an alias.
func (p *Package) hidden(alias string) []hiddenType {
	w := &walk{pkg: p, seen: map[string]bool{}}
	for _, object := range p.exported() {
		if isGeneric(object) || isConstraint(object) {
			continue
		}
		switch object.(type) {
		case *types.Const:
			w.add(object.Type(), fmt.Sprintf("reflect.TypeOf(%s.%s)", alias, object.Name()))
		case *types.Var:
			w.add(object.Type(), fmt.Sprintf("reflect.TypeOf(&%s.%s).Elem()", alias, object.Name()))
		case *types.Func:
			w.add(object.Type(), fmt.Sprintf("reflect.TypeOf(%s.%s)", alias, object.Name()))
		case *types.TypeName:
			w.add(object.Type(), fmt.Sprintf("reflect.TypeOf((*%s.%s)(nil)).Elem()", alias, object.Name()))
		}
	}
	for len(w.queue) > 0 {
		next := w.queue[0]
		w.queue = w.queue[1:]
		w.visit(next.typ, next.route)
	}
	return w.found
}

// step is a type on the way and the expression that leads there.
type step struct {
	typ   types.Type
	route string
}

// walk is a breadth-first search, so that routes are short.
type walk struct {
	pkg   *Package
	seen  map[string]bool
	queue []step
	found []hiddenType
}

func (w *walk) add(typ types.Type, route string) {
	w.queue = append(w.queue, step{types.Unalias(typ), route})
}

func (w *walk) visit(typ types.Type, route string) {
	switch typ := typ.(type) {
	case *types.Named:
		w.named(typ, route)
	case *types.Pointer:
		w.add(typ.Elem(), route+".Elem()")
	case *types.Slice:
		w.add(typ.Elem(), route+".Elem()")
	case *types.Array:
		w.add(typ.Elem(), route+".Elem()")
	case *types.Chan:
		w.add(typ.Elem(), route+".Elem()")
	case *types.Map:
		w.add(typ.Key(), route+".Key()")
		w.add(typ.Elem(), route+".Elem()")
	default:
		w.parts(typ, route, 0)
	}
}

// named looks into a type where it is declared, once, and notes it if it is hidden.
func (w *walk) named(typ *types.Named, route string) {
	object := typ.Obj()
	if object.Pkg() == nil || w.seen[symbols.TypeName(typ)] {
		return
	}
	w.seen[symbols.TypeName(typ)] = true
	instance := typ.TypeArgs().Len() > 0
	bound := w.pkg.bound[object.Pkg().Path()]
	switch {
	case !object.Exported() || !bound || instance:
		w.found = append(w.found, hiddenType{symbols.TypeName(typ), route})
	case object.Pkg() != w.pkg.loaded.Types:
		return // its own package's binding looks into it
	}
	w.parts(typ.Underlying(), route, 0)
	if types.IsInterface(typ) {
		return
	}
	for i := range typ.NumMethods() {
		if method := typ.Method(i); method.Exported() {
			w.parts(method.Type(), fmt.Sprintf("symbols.Method(%s, %q)", route, method.Name()), 1)
		}
	}
}

// parts looks into the type that stands behind a name or has none. The first skip arguments of a function are no part.
func (w *walk) parts(typ types.Type, route string, skip int) {
	switch typ := typ.(type) {
	case *types.Struct:
		for i := range typ.NumFields() {
			if field := typ.Field(i); field.Exported() || field.Embedded() {
				w.add(field.Type(), fmt.Sprintf("%s.Field(%d).Type", route, i))
			}
		}
	case *types.Interface:
		for i := range typ.NumMethods() {
			if method := typ.Method(i); token.IsExported(method.Name()) {
				w.parts(method.Type(), fmt.Sprintf("symbols.Method(%s, %q)", route, method.Name()), 0)
			}
		}
	case *types.Signature:
		for i := range typ.Params().Len() {
			w.add(typ.Params().At(i).Type(), fmt.Sprintf("%s.In(%d)", route, i+skip))
		}
		for i := range typ.Results().Len() {
			w.add(typ.Results().At(i).Type(), fmt.Sprintf("%s.Out(%d)", route, i))
		}
	case *types.Named, *types.Basic, *types.TypeParam:
	default:
		w.visit(typ, route)
	}
}
