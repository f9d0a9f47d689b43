package interp

import (
	"fmt"
	"go/token"
	"go/types"
	"reflect"
)

// typeOf finds the checker's type for a compiled one that is built from basic types and types of bound packages.
func (im *importer) typeOf(t reflect.Type) (types.Type, error) {
	if t.Name() != "" {
		return im.named(t)
	}
	switch t.Kind() {
	case reflect.Pointer:
		elem, err := im.typeOf(t.Elem())
		return types.NewPointer(elem), err
	case reflect.Slice:
		elem, err := im.typeOf(t.Elem())
		return types.NewSlice(elem), err
	case reflect.Map:
		key, err := im.typeOf(t.Key())
		if err != nil {
			return nil, err
		}
		elem, err := im.typeOf(t.Elem())
		return types.NewMap(key, elem), err
	case reflect.Func:
		return im.signature(t)
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return types.Universe.Lookup("any").Type(), nil
		}
	}
	return nil, fmt.Errorf("no predeclared name can have the type %s; give it a name in a bound package", t)
}

func (im *importer) named(t reflect.Type) (types.Type, error) {
	scope := types.Universe
	if t.PkgPath() != "" {
		pkg, err := im.Import(t.PkgPath())
		if err != nil {
			return nil, err
		}
		scope = pkg.Scope()
	}
	if object := scope.Lookup(t.Name()); object != nil {
		return object.Type(), nil
	}
	return nil, fmt.Errorf("the binding of %s lacks the type %s", t.PkgPath(), t.Name())
}

func (im *importer) signature(t reflect.Type) (types.Type, error) {
	params, err := im.tuple(t.NumIn(), t.In)
	if err != nil {
		return nil, err
	}
	results, err := im.tuple(t.NumOut(), t.Out)
	if err != nil {
		return nil, err
	}
	return types.NewSignatureType(nil, nil, nil, params, results, t.IsVariadic()), nil
}

func (im *importer) tuple(n int, at func(int) reflect.Type) (*types.Tuple, error) {
	vars := make([]*types.Var, n)
	for i := range vars {
		typ, err := im.typeOf(at(i))
		if err != nil {
			return nil, err
		}
		vars[i] = types.NewParam(token.NoPos, nil, "", typ)
	}
	return types.NewTuple(vars...), nil
}
