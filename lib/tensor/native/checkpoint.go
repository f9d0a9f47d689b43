package native

// #include <stdlib.h>
// #include "checkpoint.h"
import "C"

import (
	"runtime/cgo"
	"unsafe"
)

// Segment records a part of a computation: from inputs, which are the caller's, it computes as many results as it did before, which are
// the caller's too.
type Segment func(inputs []Handle) (results []Handle, err error)

// Checkpoint returns computed as results of inputs from which a backward pass comes to the inputs by computing the segment again. It does so
// on the thread of the backward pass.
func Checkpoint(computed, inputs []Handle, segment Segment) ([]Handle, error) {
	results := make([]Handle, len(computed))
	err := failure(C.pl_checkpoint((*C.pl_tensor)(unsafe.Pointer(&results[0])), (*C.pl_tensor)(unsafe.Pointer(&computed[0])), C.int64_t(len(computed)),
		(*C.pl_tensor)(unsafe.Pointer(&inputs[0])), C.int64_t(len(inputs)), C.uintptr_t(cgo.NewHandle(segment))))
	return results, err
}

//export plRecompute
func plRecompute(segment C.uintptr_t, inputs *C.pl_tensor, inputCount C.int64_t, results *C.pl_tensor, count C.int64_t) *C.char {
	compute := cgo.Handle(segment).Value().(Segment)
	computed, err := compute(unsafe.Slice((*Handle)(unsafe.Pointer(inputs)), int(inputCount)))
	if err != nil {
		return C.CString(err.Error())
	}
	copy(unsafe.Slice((*Handle)(unsafe.Pointer(results)), int(count)), computed)
	return nil
}

//export plReleaseSegment
func plReleaseSegment(segment C.uintptr_t) { cgo.Handle(segment).Delete() }
