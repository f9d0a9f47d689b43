package rtype

import (
	"encoding/binary"
	"reflect"
	"sync/atomic"
	"unsafe"

	_ "github.com/goplus/reflectx" // links its x/reflect
)

// descriptor is the head of a type descriptor: internal/abi.Type of Go 1.26.
type descriptor struct {
	size, ptrBytes          uintptr
	hash                    uint32
	flags                   flags
	align, fieldAlign, kind uint8
	equal                   func(unsafe.Pointer, unsafe.Pointer) bool
	gcData                  *byte
	str, ptrToThis          int32
}

type flags uint8

const (
	uncommonFlag flags = 1 << iota
	extraStarFlag
	namedFlag
	regularMemoryFlag
	gcMaskOnDemandFlag
	directFlag // an interface's data word is the value itself
)

// uncommon follows the descriptor of a type with a name or methods.
type uncommon struct {
	pkgPath              int32
	methods, exported    uint16
	methodsOffset, spare uint32
}

// methodEntry is a method in a type's method table. The table is sorted by name.
type methodEntry struct {
	name, typ int32
	ifn       int32 // the code that an interface's method calls
	tfn       int32 // the code that takes the receiver as any other argument
}

// structDescriptor is the descriptor of a struct type.
type structDescriptor struct {
	descriptor
	pkgPath *byte
	fields  []structField
}

type structField struct {
	name   *byte
	typ    *descriptor
	offset uintptr
}

func descriptorOf(t reflect.Type) *descriptor {
	return (*descriptor)((*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1])
}

//go:linkname uncommonOf github.com/goplus/reflectx/x/reflect.toUncommonType
func uncommonOf(t *descriptor) *uncommon

// table gives the room for a type's methods.
func (u *uncommon) table() []methodEntry {
	return unsafe.Slice((*methodEntry)(unsafe.Add(unsafe.Pointer(u), u.methodsOffset)), u.methods)
}

// reference gives the number by which descriptors refer to names, types and code that were made at run time. What it
// refers to is kept for ever.
//
//go:linkname reference reflect.addReflectOff
func reference(p unsafe.Pointer) int32

// encodedName is a name as descriptors hold it: flags, length, text, and likewise the tag. For a method that is not
// exported, a reference to the package's name follows.
func encodedName(name, tag string, exported, embedded bool, pkgPath string) *byte {
	out := []byte{0}
	if exported {
		out[0] |= 1 << 0
	}
	out = append(binary.AppendUvarint(out, uint64(len(name))), name...)
	if tag != "" {
		out[0] |= 1 << 1
		out = append(binary.AppendUvarint(out, uint64(len(tag))), tag...)
	}
	if pkgPath != "" {
		out[0] |= 1 << 2
		path := encodedName(pkgPath, "", false, false, "")
		out = binary.NativeEndian.AppendUint32(out, uint32(reference(unsafe.Pointer(path))))
	}
	if embedded {
		out[0] |= 1 << 3
	}
	return &out[0]
}

var lastHash atomic.Uint32

// individual gives a new descriptor a hash of its own: reflectx leaves it 0, and the runtime's tables of interfaces are slow
// when all types' are the same.
func individual(t reflect.Type) {
	descriptorOf(t).hash = lastHash.Add(1) * 0x9E3779B1
}
