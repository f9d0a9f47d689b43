package rtype

import (
	"fmt"
	"go/types"
	"reflect"
	"strings"

	"github.com/goplus/reflectx"
)

// named makes a named type: first an outline of the right size and kind, which types on the way may refer to, then
// what it is made of, then its methods.
func (t *Table) named(typ *types.Named) reflect.Type {
	if typ.Obj().Pkg() == nil {
		if typ.Obj().Name() == "error" {
			return reflect.TypeFor[error]()
		}
		return t.Type(typ.Underlying())
	}
	if rt, ok := t.bound(typ); ok {
		t.keep(typ, rt)
		return rt
	}
	underlying := typ.Underlying()
	path, name := t.nameOf(typ)
	rt := reflectx.NamedTypeOf(path, name, t.outline(underlying))
	selections := t.selections(typ)
	if len(selections) > 0 {
		rt = withMethodTable(rt, selections)
	}
	individual(rt)
	t.keep(typ, rt)

	var made reflect.Type
	if structure, ok := underlying.(*types.Struct); ok {
		made = t.structType(structure, nil) // the methods that it embeds are the named type's own
	} else {
		made = t.Type(underlying)
	}
	reflectx.SetUnderlying(rt, made)
	head := descriptorOf(rt)
	// A plain copy or comparison of the memory is right only if reflect said so; reflectx forgets the padding.
	head.flags = head.flags&^regularMemoryFlag | descriptorOf(made).flags&(regularMemoryFlag|gcMaskOnDemandFlag|directFlag)
	t.setMethods(rt, selections)
	return rt
}

// nameOf gives a type's package and name as reflect shows them: those of the notebook are all in main.
func (t *Table) nameOf(typ *types.Named) (path, name string) {
	path, name = pathOf(typ.Obj().Pkg()), typ.Obj().Name()
	if typ.TypeArgs().Len() == 0 {
		return path, name
	}
	var args []string
	for arg := range typ.TypeArgs().Types() {
		args = append(args, types.TypeString(arg, pathOf))
	}
	return path, fmt.Sprintf("%s[%s]", name, strings.Join(args, ","))
}

func pathOf(pkg *types.Package) string {
	if pkg.Name() == "main" {
		return "main"
	}
	return strings.TrimSuffix(pkg.Path(), "@patch")
}

// outline gives a type of the same kind, size and pointers as a type will have.
func (t *Table) outline(typ types.Type) reflect.Type {
	switch typ := typ.(type) {
	case *types.Named:
		if known := t.made.At(typ); known != nil {
			return known.(reflect.Type)
		}
		if compiled, ok := t.bound(typ); ok {
			return compiled
		}
		return t.outline(typ.Underlying())
	case *types.Alias:
		return t.outline(types.Unalias(typ))
	case *types.Basic:
		return basic(typ)
	case *types.Array:
		return reflect.ArrayOf(int(typ.Len()), t.outline(typ.Elem()))
	case *types.Struct:
		fields := make([]reflect.StructField, typ.NumFields())
		for i := range fields {
			fields[i] = reflect.StructField{Name: fmt.Sprint("F", i), Type: t.outline(typ.Field(i).Type())}
		}
		return reflect.StructOf(fields)
	case *types.Signature:
		in, out := nothings(typ.Params().Len()), nothings(typ.Results().Len())
		if typ.Variadic() {
			in[len(in)-1] = reflect.TypeFor[[]struct{}]()
		}
		return reflect.FuncOf(in, out, typ.Variadic())
	case *types.Pointer:
		return reflect.TypeFor[*struct{}]()
	case *types.Slice:
		return reflect.TypeFor[[]struct{}]()
	case *types.Map:
		return reflect.TypeFor[map[struct{}]struct{}]()
	case *types.Chan:
		return reflect.TypeFor[chan struct{}]()
	}
	return reflect.TypeFor[any]()
}

func nothings(n int) []reflect.Type {
	list := make([]reflect.Type, n)
	for i := range list {
		list[i] = reflect.TypeFor[struct{}]()
	}
	return list
}
