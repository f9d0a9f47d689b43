package symbols

import (
	"go/types"
	"reflect"
	"strings"

	"github.com/goplus/ixgo"
)

// Type gives the compiled type for a named type of a bound package, an instance of one, or a type that such a package
// uses without exporting it. It is safe for concurrent use.
func Type(named *types.Named) (reflect.Type, bool) {
	object := named.Obj()
	if object.Pkg() == nil {
		return nil, false
	}
	if named.TypeArgs().Len() == 0 {
		if bound, ok := ixgo.LookupPackage(object.Pkg().Path()); ok {
			if typ, ok := bound.NamedTypes[object.Name()]; ok {
				return typ, true
			}
			if typ, ok := bound.Interfaces[object.Name()]; ok {
				return typ, true
			}
		}
	}
	if route, ok := hidden[TypeName(named)]; ok {
		return route(), true
	}
	return nil, false
}

// hidden holds the types that no exported name of a bound package stands for, by [TypeName].
var hidden = map[string]func() reflect.Type{}

// Hidden registers a type that no exported name of a bound package stands for. Bindings call it while packages are
// initialized.
func Hidden(name string, typ func() reflect.Type) { hidden[name] = typ }

// Method gives the type of a method, for bindings. Of a method of a concrete type the first argument is the receiver.
func Method(of reflect.Type, name string) reflect.Type {
	if of.Kind() != reflect.Interface && of.Kind() != reflect.Pointer {
		of = reflect.PointerTo(of)
	}
	method, _ := of.MethodByName(name)
	return method.Type
}

// TypeName is a named type's name with its package's path, and its type arguments' in full: iter.Seq[go/ast.Node].
func TypeName(named *types.Named) string {
	return types.TypeString(named, func(pkg *types.Package) string { return strings.TrimSuffix(pkg.Path(), patch) })
}
