//go:build ignore

package runtime

import (
	"runtime"
	"unsafe"
)

func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) runtime.Cleanup {
	if same, ok := any(arg).(*T); ok && same == ptr {
		panic("runtime.AddCleanup: the argument keeps the object alive, so the cleanup would never run")
	}
	return addCleanup(unsafe.Pointer(ptr), func() { cleanup(arg) })
}

func addCleanup(ptr unsafe.Pointer, cleanup func()) runtime.Cleanup
