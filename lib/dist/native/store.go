package native

// #include <stdint.h>
// #include <stdlib.h>
import "C"

import (
	"runtime/cgo"
	"unsafe"
)

// Store is where the ranks find each other's addresses. Get and Wait return when the key is there.
type Store interface {
	Set(key string, value []byte) error
	Get(key string) ([]byte, error)
	Wait(keys ...string) error
}

func storeOf(handle C.uintptr_t) Store { return cgo.Handle(handle).Value().(Store) }

// message is an error as C takes it.
func message(err error) *C.char {
	if err == nil {
		return nil
	}
	return C.CString(err.Error())
}

//export distStoreSet
func distStoreSet(handle C.uintptr_t, key *C.char, value unsafe.Pointer, n C.size_t) *C.char {
	return message(storeOf(handle).Set(C.GoString(key), C.GoBytes(value, C.int(n))))
}

//export distStoreGet
func distStoreGet(handle C.uintptr_t, key *C.char, value *unsafe.Pointer, n *C.size_t) *C.char {
	bytes, err := storeOf(handle).Get(C.GoString(key))
	if err == nil {
		*value, *n = C.CBytes(bytes), C.size_t(len(bytes))
	}
	return message(err)
}

//export distStoreWait
func distStoreWait(handle C.uintptr_t, key *C.char) *C.char {
	return message(storeOf(handle).Wait(C.GoString(key)))
}
