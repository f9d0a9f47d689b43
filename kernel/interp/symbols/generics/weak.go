//go:build ignore

package weak

import "unsafe"

type Pointer[T any] struct {
	_    [0]*T
	weak any // a compiled weak.Pointer[byte], nil for a nil pointer
}

func Make[T any](ptr *T) Pointer[T] {
	if ptr == nil {
		return Pointer[T]{}
	}
	return Pointer[T]{weak: makeWeak(unsafe.Pointer(ptr))}
}

func (p Pointer[T]) Value() *T {
	if p.weak == nil {
		return nil
	}
	return (*T)(strong(p.weak))
}

func makeWeak(ptr unsafe.Pointer) any

func strong(weak any) unsafe.Pointer
