package exec

import (
	"go/types"
	"reflect"
	"sync"

	"golang.org/x/tools/go/ssa"

	"paperlab/kernel/interp/rtype"
	"paperlab/kernel/interp/symbols"
)

// typeTable makes the types of interpreted code real. It is used under the machine's lock.
type typeTable struct {
	machine *Machine
	made    *rtype.Table
}

func newTypeTable(m *Machine) *typeTable {
	t := &typeTable{machine: m}
	t.made = rtype.New(symbols.Type, t.body)
	return t
}

// of gives the real type.
func (t *typeTable) of(typ types.Type) reflect.Type {
	if tuple, ok := typ.(*types.Tuple); ok && tuple.Len() == 1 {
		typ = tuple.At(0).Type()
	}
	return t.made.Type(typ)
}

// declared is the reverse of of, for types that occur in interpreted code.
func (t *typeTable) declared(rt reflect.Type) (types.Type, bool) {
	if typ, ok := t.made.Declared(rt); ok {
		return typ, true
	}
	if rt.Kind() == reflect.Pointer && rt.Name() == "" {
		if elem, ok := t.declared(rt.Elem()); ok {
			return types.NewPointer(elem), true
		}
	}
	return nil, false
}

// body gives what runs when compiled code calls a method of an interpreted type.
func (t *typeTable) body(method *types.Selection) func([]reflect.Value) []reflect.Value {
	find := sync.OnceValue(func() *function { return t.machine.selected(method) })
	return func(args []reflect.Value) []reflect.Value { return (&closure{fn: find()}).callReflect(args) }
}

// selected finds the function of a method that an interpreted type declares, or has from an embedded field.
func (m *Machine) selected(method *types.Selection) *function {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.lasting.function(m.lasting.ssa.MethodValue(method))
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
