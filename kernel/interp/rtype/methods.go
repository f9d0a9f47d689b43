package rtype

import (
	"cmp"
	"go/types"
	"reflect"
	"slices"
	"unsafe"

	"github.com/goplus/reflectx"

	"paperlab/kernel/interp/stub"
)

// selection is a method of a pointer to a type, and the same as a method of the type, if it is one.
type selection struct{ pointer, value *types.Selection }

// selections lists the methods of a type and of a pointer to it as method tables sort them.
func (t *Table) selections(typ types.Type) []selection {
	if types.IsInterface(typ) {
		return nil
	}
	pointers, values := t.methodSets.MethodSet(types.NewPointer(typ)), t.methodSets.MethodSet(typ)
	var list []selection
	for method := range pointers.Methods() {
		object := method.Obj()
		list = append(list, selection{method, values.Lookup(object.Pkg(), object.Name())})
	}
	slices.SortFunc(list, func(a, b selection) int {
		x, y := a.pointer.Obj(), b.pointer.Obj()
		return cmp.Or(cmp.Compare(x.Name(), y.Name()), cmp.Compare(pathOf(x.Pkg()), pathOf(y.Pkg())))
	})
	return list
}

// withMethodTable copies a type into one with room for methods.
func withMethodTable(rt reflect.Type, list []selection) reflect.Type {
	values := 0
	for _, s := range list {
		if s.value != nil {
			values++
		}
	}
	rt = reflectx.NewContext().NewMethodSet(rt, values, len(list))
	individual(reflect.PointerTo(rt))
	return rt
}

// setMethods fills the method tables of a type and of the pointer to it. An interface that holds the type has, as a
// rule, a pointer to the value in its data word; then both share their code.
func (t *Table) setMethods(rt reflect.Type, list []selection) {
	if len(list) == 0 {
		return
	}
	prt := reflect.PointerTo(rt)
	direct := descriptorOf(rt).flags&directFlag != 0
	var own, pointers []methodEntry
	exported := struct{ own, pointers uint16 }{}
	for _, s := range list {
		method := s.pointer.Obj()
		typ := t.Type(method.Type())
		entry := methodEntry{name: t.methodName(method), typ: reference(unsafe.Pointer(descriptorOf(typ)))}
		code := enter(reflect.TypeFor[unsafe.Pointer](), typ, throughPointer(rt, t.body(s.pointer)), prt.String()+"."+method.Name())
		entry.ifn, entry.tfn = code, code
		pointers = append(pointers, entry)
		if s.value != nil {
			entry.tfn = enter(rt, typ, t.body(s.value), rt.String()+"."+method.Name())
			if direct {
				entry.ifn = entry.tfn
			}
			own = append(own, entry)
		}
		if method.Exported() {
			exported.pointers++
			if s.value != nil {
				exported.own++
			}
		}
	}
	fill(rt, own, exported.own)
	fill(prt, pointers, exported.pointers)
}

// enter gives the reference of code that calls a method with a receiver of the type.
func enter(receiver, method reflect.Type, body func([]reflect.Value) []reflect.Value, name string) int32 {
	return reference(stub.Enter(reflect.MakeFunc(withReceiver(receiver, method), body), name))
}

// throughPointer lets methods of all types that take and return the same share a function type, for each of which
// reflect keeps a lot: to that type, the receiver is a pointer to anything.
func throughPointer(rt reflect.Type, body func([]reflect.Value) []reflect.Value) func([]reflect.Value) []reflect.Value {
	return func(args []reflect.Value) []reflect.Value {
		args[0] = reflect.NewAt(rt, args[0].UnsafePointer())
		return body(args)
	}
}

func fill(rt reflect.Type, entries []methodEntry, exported uint16) {
	u := uncommonOf(descriptorOf(rt))
	copy(u.table(), entries)
	u.methods, u.exported = uint16(len(entries)), exported
}

// methodName refers to a method's name, and its package's if it is not exported.
func (t *Table) methodName(method types.Object) int32 {
	key := nameKey{name: method.Name()}
	if !method.Exported() {
		key.path = pathOf(method.Pkg())
	}
	known, ok := t.names[key]
	if !ok {
		known = reference(unsafe.Pointer(encodedName(key.name, "", method.Exported(), false, key.path)))
		t.names[key] = known
	}
	return known
}

// withReceiver gives a method's type as a function's.
func withReceiver(receiver, method reflect.Type) reflect.Type {
	in, out := []reflect.Type{receiver}, []reflect.Type(nil)
	for i := range method.NumIn() {
		in = append(in, method.In(i))
	}
	for i := range method.NumOut() {
		out = append(out, method.Out(i))
	}
	return reflect.FuncOf(in, out, method.IsVariadic())
}
