//go:build ignore

package unique

type Handle[T comparable] struct {
	_      [0]*T
	handle any // a compiled unique.Handle[any]
}

func Make[T comparable](value T) Handle[T] { return Handle[T]{handle: makeHandle(value)} }

func (h Handle[T]) Value() T {
	value, _ := handleValue(h.handle).(T)
	return value
}

func makeHandle(value any) any

func handleValue(handle any) any
