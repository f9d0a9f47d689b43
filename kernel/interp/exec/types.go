package exec

import (
	"go/types"
	"reflect"
	"sync"

	"github.com/goplus/ixgo"
	"github.com/goplus/reflectx"
	"golang.org/x/tools/go/ssa"

	"paperlab/kernel/interp/symbols"

	_ "paperlab/kernel/interp/stub" // methods of the types made here, which compiled code calls
)

// typeTable makes the types of interpreted code real. It is used under the machine's lock.
type typeTable struct {
	machine *Machine
	record  *ixgo.TypesRecord
	local   map[*types.Named]int // types declared in functions, numbered
}

func newTypeTable(m *Machine) *typeTable {
	t := &typeTable{machine: m, local: map[*types.Named]int{}}
	t.record = ixgo.NewTypesRecord(m.bound, reflectx.NewContext(), m.lasting.ssa, loader{m.bound.Loader}, t, t.local)
	return t
}

// loader finds the real types of bound packages also where nothing has imported the package yet.
type loader struct{ ixgo.Loader }

func (l loader) LookupReflect(typ types.Type) (reflect.Type, bool) {
	if rt, ok := l.Loader.LookupReflect(typ); ok {
		return rt, true
	}
	named, ok := typ.(*types.Named)
	if !ok {
		return nil, false
	}
	return symbols.Type(named)
}

// of gives the real type.
func (t *typeTable) of(typ types.Type) reflect.Type {
	if tuple, ok := typ.(*types.Tuple); ok && tuple.Len() == 1 {
		typ = tuple.At(0).Type()
	}
	made, _ := t.record.ToType(typ)
	return made
}

// declared is the reverse of of, for types that occur in interpreted code.
func (t *typeTable) declared(rt reflect.Type) (types.Type, bool) {
	if typ, ok := t.record.LookupTypes(rt); ok {
		return typ, true
	}
	if rt.Kind() == reflect.Pointer && rt.Name() == "" {
		if elem, ok := t.declared(rt.Elem()); ok {
			return types.NewPointer(elem), true
		}
	}
	return nil, false
}

// FindMethod gives the record what runs when compiled code calls a method of an interpreted type.
func (t *typeTable) FindMethod(typ reflect.Type, method *types.Func) func([]reflect.Value) []reflect.Value {
	find := sync.OnceValue(func() *function { return t.machine.declaredMethod(method) })
	return func(args []reflect.Value) []reflect.Value {
		f := find()
		if f == nil {
			return t.machine.compiledMethod(method, args)
		}
		return (&closure{fn: f}).callReflect(args)
	}
}

// declaredMethod finds a method with a body, given the method's declaration or an instance of it.
func (m *Machine) declaredMethod(method *types.Func) *function {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.lookupDeclared(method)
}

// lookupDeclared finds the interpreted function of a declaration in the lasting program, nil if it is compiled.
func (m *Machine) lookupDeclared(object *types.Func) *function {
	var fn *ssa.Function
	if recv := object.Signature().Recv(); recv != nil && !types.IsInterface(recv.Type()) {
		if sel := m.lasting.ssa.MethodSets.MethodSet(recv.Type()).Lookup(object.Pkg(), object.Name()); sel != nil {
			fn = m.lasting.ssa.MethodValue(sel)
		}
	} else {
		fn = m.lasting.ssa.FuncValue(object)
	}
	if fn == nil || fn.Blocks == nil {
		return nil
	}
	return m.lasting.function(fn)
}

// compiledMethod calls a method that an interpreted type has from an embedded compiled one.
func (m *Machine) compiledMethod(method *types.Func, args []reflect.Value) []reflect.Value {
	call := args[0].MethodByName(method.Name())
	if call.Type().IsVariadic() {
		return call.CallSlice(args[1:])
	}
	return call.Call(args[1:])
}
