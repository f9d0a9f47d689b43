//go:build ignore

package atomic

import (
	"sync/atomic"
	"unsafe"
)

type Pointer[T any] struct {
	_    [0]*T // so that pointers to different types do not convert into each other
	word unsafe.Pointer
}

func (x *Pointer[T]) Load() *T { return (*T)(atomic.LoadPointer(&x.word)) }

func (x *Pointer[T]) Store(val *T) { atomic.StorePointer(&x.word, unsafe.Pointer(val)) }

func (x *Pointer[T]) Swap(new *T) (old *T) {
	return (*T)(atomic.SwapPointer(&x.word, unsafe.Pointer(new)))
}

func (x *Pointer[T]) CompareAndSwap(old, new *T) (swapped bool) {
	return atomic.CompareAndSwapPointer(&x.word, unsafe.Pointer(old), unsafe.Pointer(new))
}
