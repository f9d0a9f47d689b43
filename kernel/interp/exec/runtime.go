package exec

import (
	"reflect"
	"unsafe"
)

// What the runtime lets package reflect do with values of any type, without the boxing of reflect.Value. The first
// argument is a type's descriptor: see descriptor.

//go:linkname typedmemmove reflect.typedmemmove
func typedmemmove(typ, dst, src unsafe.Pointer)

//go:linkname typedmemclr reflect.typedmemclr
func typedmemclr(typ, p unsafe.Pointer)

//go:linkname newObject reflect.unsafe_New
func newObject(typ unsafe.Pointer) unsafe.Pointer

//go:linkname newArray reflect.unsafe_NewArray
func newArray(elem unsafe.Pointer, n int) unsafe.Pointer

//go:linkname typedslicecopy reflect.typedslicecopy
func typedslicecopy(elem unsafe.Pointer, dst, src sliceHeader) int

//go:linkname growslice reflect.growslice
func growslice(elem unsafe.Pointer, old sliceHeader, more int) sliceHeader

//go:linkname chanrecv reflect.chanrecv
func chanrecv(ch unsafe.Pointer, nonblocking bool, dst unsafe.Pointer) (selected, received bool)

//go:linkname chansend reflect.chansend0
func chansend(ch unsafe.Pointer, src unsafe.Pointer, nonblocking bool) bool

//go:linkname mapaccess reflect.mapaccess
func mapaccess(typ, m, key unsafe.Pointer) unsafe.Pointer

//go:linkname mapassign reflect.mapassign0
func mapassign(typ, m, key, value unsafe.Pointer)

//go:linkname mapdelete reflect.mapdelete
func mapdelete(typ, m, key unsafe.Pointer)

// sliceHeader is the memory of a slice of any type.
type sliceHeader struct {
	data     unsafe.Pointer
	len, cap int
}

// interfaceHeader is the memory of an interface value: the first word is the dynamic type's descriptor in an empty
// interface, and an *itab in one with methods.
type interfaceHeader struct {
	tab, data unsafe.Pointer
}

// itab is the head of the runtime's table for a pair of interface and dynamic type.
type itab struct {
	inter, typ unsafe.Pointer
}

// descriptor is the runtime's name for a type: equal descriptors, identical types.
func descriptor(t reflect.Type) unsafe.Pointer {
	return (*interfaceHeader)(unsafe.Pointer(&t)).data
}

// typeOf is the reverse of descriptor.
func typeOf(descriptor unsafe.Pointer) reflect.Type {
	var empty any
	(*interfaceHeader)(unsafe.Pointer(&empty)).tab = descriptor
	return reflect.TypeOf(empty)
}

// valueAt is the variable of type t at p.
func valueAt(t reflect.Type, p unsafe.Pointer) reflect.Value {
	return reflect.NewAt(t, p).Elem()
}

// store copies v, whose type may be assigned to t, to the variable of type t at p.
func storeAt(t reflect.Type, p unsafe.Pointer, v reflect.Value) {
	if !v.IsValid() {
		typedmemclr(descriptor(t), p)
		return
	}
	valueAt(t, p).Set(v)
}
