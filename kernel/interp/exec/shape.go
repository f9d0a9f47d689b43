package exec

import (
	"reflect"
	"unsafe"
)

// shape says how a value of a type lies in memory, as far as copying it goes.
type shape uint8

const (
	empty   shape = iota // no bytes
	word8                // one byte without pointers, and so on
	word16               //
	word32               //
	word64               //
	pointer              // one pointer: pointers, maps, channels, functions
	text                 // a string
	slice                //
	iface                // two pointers
	other                // structs, arrays, complex128
)

func shapeOf(t reflect.Type) shape {
	switch t.Kind() {
	case reflect.Bool, reflect.Int8, reflect.Uint8:
		return word8
	case reflect.Int16, reflect.Uint16:
		return word16
	case reflect.Int32, reflect.Uint32, reflect.Float32:
		return word32
	case reflect.Int, reflect.Uint, reflect.Int64, reflect.Uint64, reflect.Uintptr, reflect.Float64, reflect.Complex64:
		return word64
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return pointer
	case reflect.String:
		return text
	case reflect.Slice:
		return slice
	case reflect.Interface:
		return iface
	}
	if t.Size() == 0 {
		return empty
	}
	return other
}

// copier copies values of one type from place to place.
type copier struct {
	shape shape
	typ   unsafe.Pointer // descriptor
}

func copierOf(t reflect.Type) copier { return copier{shapeOf(t), descriptor(t)} }

func (c copier) copy(dst, src unsafe.Pointer) {
	switch c.shape {
	case empty:
	case word8:
		*(*uint8)(dst) = *(*uint8)(src)
	case word16:
		*(*uint16)(dst) = *(*uint16)(src)
	case word32:
		*(*uint32)(dst) = *(*uint32)(src)
	case word64:
		*(*uint64)(dst) = *(*uint64)(src)
	case pointer:
		*(*unsafe.Pointer)(dst) = *(*unsafe.Pointer)(src)
	case text:
		*(*string)(dst) = *(*string)(src)
	case slice:
		*(*sliceHeader)(dst) = *(*sliceHeader)(src)
	case iface:
		*(*interfaceHeader)(dst) = *(*interfaceHeader)(src)
	default:
		typedmemmove(c.typ, dst, src)
	}
}

// clear makes the value at p zero.
func (c copier) clear(p unsafe.Pointer) {
	if c.shape != empty {
		typedmemclr(c.typ, p)
	}
}
