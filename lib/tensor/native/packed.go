package native

/*
#include <stdlib.h>
#include "packed.h"
*/
import "C"

import "unsafe"

// Kernels says which of our own kernels this processor can run: 0 none, 1 those for float32, 2 those for bfloat16 too.
func Kernels() int { return int(C.pl_kernels()) }

// Version counts the changes of a tensor in place; views share the count.
func Version(t Handle) (int64, error) {
	var n C.int64_t
	err := failure(C.pl_version(C.pl_tensor(t), &n))
	return int64(n), err
}

// Pack lays out float32 matrices, one below the other, as dtype (libtorch's number) for this package's products; vectors are joined
// as they are.
func Pack(matrices []Handle, dtype int) (Handle, error) {
	var out C.pl_tensor
	err := failure(C.pl_pack(&out, (*C.pl_tensor)(unsafe.Pointer(&matrices[0])), C.int64_t(len(matrices)), C.int(dtype)))
	return Handle(out), err
}

// AutocastDType returns the type (libtorch's number) that products have on this thread and device where autocast is on; on is
// false where it is not.
func AutocastDType(device int) (dtype int, on bool) {
	d := C.pl_autocast_dtype(C.int(device))
	return int(d), d >= 0
}
