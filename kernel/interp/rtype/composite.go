package rtype

import (
	"fmt"
	"go/types"
	"reflect"
	"unsafe"

	"github.com/goplus/reflectx"
)

// interfaceType makes an interface type. A context of its own for each keeps reflectx from taking two types for the
// same that are written alike, as those before and after the redeclaration of a type that they mention.
func (t *Table) interfaceType(typ *types.Interface) reflect.Type {
	if typ.NumMethods() == 0 {
		return reflect.TypeFor[any]()
	}
	methods := make([]reflect.Method, typ.NumMethods())
	for i := range methods {
		method := typ.Method(i)
		methods[i] = reflect.Method{Name: method.Name(), Type: t.Type(method.Type())}
		if !method.Exported() {
			methods[i].PkgPath = pathOf(method.Pkg())
		}
	}
	rt := reflectx.NewContext().InterfaceOf(nil, methods)
	individual(rt)
	return rt
}

// structType makes a struct type with the methods that embedded fields bring. If it has embedded or blank fields, it is a
// type of its own beside reflect's.
func (t *Table) structType(typ *types.Struct, selections []selection) reflect.Type {
	fields := make([]reflect.StructField, typ.NumFields())
	special := false
	for i := range fields {
		field := typ.Field(i)
		fields[i] = reflect.StructField{Name: field.Name(), Type: t.Type(field.Type()), Tag: reflect.StructTag(typ.Tag(i))}
		if !field.Exported() {
			fields[i].PkgPath = fieldPath(typ)
		}
		if field.Name() == "_" {
			fields[i].Name = fmt.Sprint("blank", i)
			fields[i].PkgPath = fieldPath(typ)
		}
		special = special || field.Embedded() || field.Name() == "_"
	}
	rt := reflect.StructOf(fields)
	if !special {
		return rt
	}
	if len(selections) > 0 {
		rt = withMethodTable(rt, selections)
	} else {
		rt = reflectx.NamedTypeOf("", "", rt)
	}
	individual(rt)
	nameFields((*structDescriptor)(unsafe.Pointer(descriptorOf(rt))), typ)
	t.setMethods(rt, selections)
	return rt
}

// fieldPath is the package of all fields that are not exported: reflect knows only one in a struct.
func fieldPath(typ *types.Struct) string {
	for field := range typ.Fields() {
		if !field.Exported() && field.Pkg() != nil {
			return pathOf(field.Pkg())
		}
	}
	return "main"
}

// nameFields says which fields are embedded and which are blank, in copies: reflect shares the originals between types.
func nameFields(rt *structDescriptor, typ *types.Struct) {
	rt.fields = append([]structField(nil), rt.fields...)
	blank := false
	for i := range rt.fields {
		field := typ.Field(i)
		if field.Embedded() || field.Name() == "_" {
			rt.fields[i].name = encodedName(field.Name(), typ.Tag(i), field.Exported(), field.Embedded(), "")
		}
		blank = blank || field.Name() == "_"
	}
	if blank && rt.equal != nil {
		rt.flags &^= regularMemoryFlag
		rt.equal = equalWithoutBlanks(rt.fields, typ)
	}
}

// equalWithoutBlanks compares structs as == does, which ignores blank fields.
func equalWithoutBlanks(fields []structField, typ *types.Struct) func(p, q unsafe.Pointer) bool {
	return func(p, q unsafe.Pointer) bool {
		for i, field := range fields {
			if typ.Field(i).Name() != "_" && !field.typ.equal(unsafe.Add(p, field.offset), unsafe.Add(q, field.offset)) {
				return false
			}
		}
		return true
	}
}
