// Package native holds what package tensor needs from libtorch beyond gotch's libtch: C++ with a C interface, one
// concept a function. It is package tensor's own; use that.
//
// A Handle is libtch's tensor, a pointer to an at::Tensor. Nothing here owns one. Thread-local modes (autocast, gradient
// mode) act on the calling OS thread: the caller locks it.
package native

/*
// libtorch brings a libgomp of its own, FAISS needs the system's. The one that is loaded first serves all, and so there is one
// team of threads.
#cgo CXXFLAGS: -std=c++17 -O3 -fopenmp -Wno-attributes
#cgo LDFLAGS: -ltorch_cpu -lc10 -ldl -l:libgomp-a34b3233.so.1 -lstdc++
#include <stdlib.h>
#include "native.h"
*/
import "C"

import (
	"errors"
	"unsafe"
)

// libtorch asks once, at its first use, whether CUDA is there: before that its CUDA half is loaded, where it is installed.
func init() {
	C.pl_load_cuda()
	C.pl_keep_memory()
}

// CUDAMemory returns the bytes that the tensors of this process hold on a CUDA device.
func CUDAMemory(device int) (int64, error) {
	var bytes C.int64_t
	err := failure(C.pl_cuda_memory(C.int(device), &bytes))
	return int64(bytes), err
}

// Handle points to an at::Tensor.
type Handle = unsafe.Pointer

// CPU is the number of the processor among devices; a CUDA device is its index, 0 and up.
const CPU = -1

func failure(message *C.char) error {
	if message == nil {
		return nil
	}
	defer C.free(unsafe.Pointer(message))
	return errors.New(C.GoString(message))
}

// TakeString copies a malloc'd C string and frees it; a nil pointer gives "".
func TakeString(s unsafe.Pointer) string {
	if s == nil {
		return ""
	}
	defer C.free(s)
	return C.GoString((*C.char)(s))
}

// SetGrad makes grad the gradient that a backward pass accumulates into for leaf t.
func SetGrad(t, grad Handle) error {
	return failure(C.pl_set_grad(C.pl_tensor(t), C.pl_tensor(grad)))
}

// Backward runs the backward pass from a scalar loss, on the calling thread where the graph is on the CPU.
func Backward(loss Handle) error { return failure(C.pl_backward(C.pl_tensor(loss))) }

// GELU returns a new tensor: the exact form, or the tanh approximation.
func GELU(x Handle, tanh bool) (Handle, error) {
	approximate := C.int(0)
	if tanh {
		approximate = 1
	}
	var out C.pl_tensor
	err := failure(C.pl_gelu(&out, C.pl_tensor(x), approximate))
	return Handle(out), err
}

// L2Norm returns the L2 norm of all elements of a float32 tensor on the processor, without a gradient.
func L2Norm(x Handle) (Handle, error) {
	var out C.pl_tensor
	err := failure(C.pl_l2_norm(&out, C.pl_tensor(x)))
	return Handle(out), err
}

// AdamWStep holds one step's numbers, as torch.optim.AdamW names them; Scale multiplies the gradients first (clipping).
type AdamWStep struct {
	Scale, LearningRate, Beta1, Beta2, Epsilon, WeightDecay float64
	Step                                                    int64 // 1 for the first
}

// AdamW updates flat float32 buffers of one length in place, by our own kernel or by libtorch's operations, and clears the gradients.
func AdamW(params, grads, moments, squares Handle, step AdamWStep, kernel bool) error {
	lanes := C.int(0)
	if kernel {
		lanes = 1
	}
	return failure(C.pl_adamw(C.pl_tensor(params), C.pl_tensor(grads), C.pl_tensor(moments), C.pl_tensor(squares), C.pl_adamw_step{
		scale: C.double(step.Scale), learning_rate: C.double(step.LearningRate), beta1: C.double(step.Beta1), beta2: C.double(step.Beta2),
		epsilon: C.double(step.Epsilon), weight_decay: C.double(step.WeightDecay), step: C.int64_t(step.Step),
	}, lanes))
}

// Copy overwrites to with from, broadcast and converted.
func Copy(to, from Handle) error { return failure(C.pl_copy(C.pl_tensor(to), C.pl_tensor(from))) }

// Item returns the only value of a one-element tensor.
func Item(t Handle) (float64, error) {
	var v C.double
	err := failure(C.pl_item(C.pl_tensor(t), &v))
	return float64(v), err
}

// CopyFloat32 converts t's values to float32 into out, which holds as many elements as t and at least one.
func CopyFloat32(t Handle, out []float32) error {
	return failure(C.pl_copy_float32(C.pl_tensor(t), (*C.float)(&out[0])))
}

// CopyInt64 converts t's values to int64 into out, which holds as many elements as t and at least one.
func CopyInt64(t Handle, out []int64) error {
	return failure(C.pl_copy_int64(C.pl_tensor(t), (*C.int64_t)(&out[0])))
}

// Seed starts the generators of all devices anew.
func Seed(seed int64) error { return failure(C.pl_random_seed(C.int64_t(seed))) }

// Threads sets how many threads one operation may use where n > 0, and returns how many it may.
func Threads(n int) (int, error) {
	var now C.int
	err := failure(C.pl_threads(C.int(n), &now))
	return int(now), err
}

// RandomState returns the state of a device's generator.
func RandomState(device int) ([]byte, error) {
	var size C.size_t
	if err := failure(C.pl_random_state_size(C.int(device), &size)); err != nil {
		return nil, err
	}
	state := make([]byte, size)
	err := failure(C.pl_random_state(C.int(device), (*C.uint8_t)(&state[0])))
	return state, err
}

// RandomRestore sets the state of a device's generator.
func RandomRestore(device int, state []byte) error {
	if len(state) == 0 {
		return errors.New("empty generator state")
	}
	return failure(C.pl_random_restore(C.int(device), (*C.uint8_t)(&state[0]), C.size_t(len(state))))
}

// Autocast is a thread's autocast state.
type Autocast struct{ before C.pl_autocast }

// EnterAutocast turns autocast to dtype (libtorch's number) on for this thread and returns the state before.
func EnterAutocast(device, dtype int) (Autocast, error) {
	var before Autocast
	err := failure(C.pl_autocast_enter(C.int(device), C.int(dtype), &before.before))
	return before, err
}

// LeaveAutocast puts back the state that EnterAutocast returned.
func LeaveAutocast(device int, before Autocast) error {
	return failure(C.pl_autocast_leave(C.int(device), before.before))
}

// SetGradEnabled sets this thread's gradient mode and returns the one before.
func SetGradEnabled(enabled bool) bool {
	mode := C.int(0)
	if enabled {
		mode = 1
	}
	return C.pl_grad_enabled(mode) != 0
}
