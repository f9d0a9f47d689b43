package rtype

import (
	"fmt"
	"go/types"
	"reflect"
	"unsafe"

	"golang.org/x/tools/go/types/typeutil"
)

// Body gives what runs when compiled code calls a method. The function's first argument is the receiver, of the type
// that the selection names; a variadic method's last argument is a slice.
type Body func(*types.Selection) func(args []reflect.Value) []reflect.Value

// Table holds the types made for one notebook. It is not safe for concurrent use.
type Table struct {
	bound      func(*types.Named) (reflect.Type, bool)
	body       Body
	methodSets typeutil.MethodSetCache
	made       typeutil.Map // of reflect.Type
	declared   map[reflect.Type]types.Type
	names      map[nameKey]int32 // of methods
}

type nameKey struct{ name, path string }

// New returns a table without types. Bound gives the compiled type for a named one, if there is one.
func New(bound func(*types.Named) (reflect.Type, bool), body Body) *Table {
	return &Table{bound: bound, body: body, declared: map[reflect.Type]types.Type{}, names: map[nameKey]int32{}}
}

// Declared gives the type that a reflect.Type was made for.
func (t *Table) Declared(rt reflect.Type) (types.Type, bool) {
	typ, ok := t.declared[rt]
	return typ, ok
}

// Type gives the reflect.Type for a type without type parameters; for identical types, the same. A tuple has none: it gets
// that of an empty struct.
func (t *Table) Type(typ types.Type) reflect.Type {
	typ = types.Unalias(typ)
	if known := t.made.At(typ); known != nil {
		return known.(reflect.Type)
	}
	if named, ok := typ.(*types.Named); ok {
		return t.named(named)
	}
	rt := t.unnamed(typ)
	t.keep(typ, rt)
	return rt
}

func (t *Table) keep(typ types.Type, rt reflect.Type) {
	t.made.Set(typ, rt)
	if _, ok := t.declared[rt]; !ok {
		t.declared[rt] = typ
	}
}

func (t *Table) unnamed(typ types.Type) reflect.Type {
	switch typ := typ.(type) {
	case *types.Basic:
		return basic(typ)
	case *types.Pointer:
		return reflect.PointerTo(t.Type(typ.Elem()))
	case *types.Slice:
		return reflect.SliceOf(t.Type(typ.Elem()))
	case *types.Array:
		return reflect.ArrayOf(int(typ.Len()), t.Type(typ.Elem()))
	case *types.Map:
		return reflect.MapOf(t.Type(typ.Key()), t.Type(typ.Elem()))
	case *types.Chan:
		return reflect.ChanOf(direction(typ.Dir()), t.Type(typ.Elem()))
	case *types.Signature:
		return t.function(typ)
	case *types.Interface:
		return t.interfaceType(typ)
	case *types.Struct:
		return t.structType(typ, t.selections(typ))
	case *types.Tuple:
		return reflect.TypeFor[struct{}]()
	}
	panic(fmt.Sprintf("rtype: a %T (%s) is no type of a value", typ, typ))
}

func direction(dir types.ChanDir) reflect.ChanDir {
	switch dir {
	case types.SendOnly:
		return reflect.SendDir
	case types.RecvOnly:
		return reflect.RecvDir
	}
	return reflect.BothDir
}

// function leaves the receiver out.
func (t *Table) function(sig *types.Signature) reflect.Type {
	in, out := t.tuple(sig.Params()), t.tuple(sig.Results())
	if n := len(in); sig.Variadic() && in[n-1].Kind() == reflect.String {
		in[n-1] = reflect.TypeFor[[]byte]() // the builtin append([]byte, string...)
	}
	return reflect.FuncOf(in, out, sig.Variadic())
}

func (t *Table) tuple(tuple *types.Tuple) []reflect.Type {
	list := make([]reflect.Type, tuple.Len())
	for i := range list {
		list[i] = t.Type(tuple.At(i).Type())
	}
	return list
}

func basic(typ *types.Basic) reflect.Type {
	if rt := basics[typ.Kind()]; rt != nil {
		return rt
	}
	panic(fmt.Sprintf("rtype: %s is no type of a value", typ))
}

var basics = map[types.BasicKind]reflect.Type{
	types.Bool: reflect.TypeFor[bool](), types.String: reflect.TypeFor[string](), types.UnsafePointer: reflect.TypeFor[unsafe.Pointer](),
	types.Int: reflect.TypeFor[int](), types.Int8: reflect.TypeFor[int8](), types.Int16: reflect.TypeFor[int16](),
	types.Int32: reflect.TypeFor[int32](), types.Int64: reflect.TypeFor[int64](),
	types.Uint: reflect.TypeFor[uint](), types.Uint8: reflect.TypeFor[uint8](), types.Uint16: reflect.TypeFor[uint16](),
	types.Uint32: reflect.TypeFor[uint32](), types.Uint64: reflect.TypeFor[uint64](), types.Uintptr: reflect.TypeFor[uintptr](),
	types.Float32: reflect.TypeFor[float32](), types.Float64: reflect.TypeFor[float64](),
	types.Complex64: reflect.TypeFor[complex64](), types.Complex128: reflect.TypeFor[complex128](),
	types.UntypedBool: reflect.TypeFor[bool](), types.UntypedInt: reflect.TypeFor[int](), types.UntypedRune: reflect.TypeFor[rune](),
	types.UntypedFloat: reflect.TypeFor[float64](), types.UntypedComplex: reflect.TypeFor[complex128](), types.UntypedString: reflect.TypeFor[string](),
}
