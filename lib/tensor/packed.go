package tensor

import (
	"os"
	"runtime"
	"sync/atomic"

	"paperlab/lib/tensor/native"
)

// kernels is what this processor can run of our own kernels (native.Kernels), or 0 where they are switched off.
var kernels atomic.Int32

func init() { SetKernels(os.Getenv("PAPERLAB_KERNELS") != "libtorch") }

// SetKernels switches this library's own kernels (AVX-512) on or off for the whole process, and returns what was before; off, libtorch's
// operations do the work. They are on from the start unless the environment says PAPERLAB_KERNELS=libtorch. What was begun goes on as
// it began.
func SetKernels(on bool) (before bool) {
	level := 0
	if on {
		level = native.Kernels()
	}
	return kernels.Swap(int32(level)) > 0
}

// Kernels says whether this library's own kernels compute products of this type on this device: on a processor with AVX-512 (for
// BFloat16 with AVX512-BF16), unless they are switched off.
func Kernels(d Device, dtype DType) bool {
	level := kernels.Load()
	return d == CPU && (dtype == Float32 && level >= 1 || dtype == BFloat16 && level >= 2)
}

// Precision is the type in which this thread computes products on device d: Float32, or what [Autocast] says.
func Precision(d Device) DType {
	if dtype, on := native.AutocastDType(int(d)); on {
		return DType(dtype)
	}
	return Float32
}

// Version counts the changes of t in place, those of its views and of what it is a view of included. -1 for a freed tensor.
func (t *Tensor) Version() int64 {
	if !t.alive() {
		return -1
	}
	version, err := native.Version(t.handle())
	if err != nil {
		return -1
	}
	runtime.KeepAlive(t)
	return version
}

// Pack lays out float32 matrices [out, in], one below the other, as dtype for the products of [Decoder] and [Encoder], which alone can
// read the result. Vectors, such as biases, are joined as they are.
func (s *Scope) Pack(dtype DType, matrices ...*Tensor) *Tensor {
	return s.doNative("pack", func() (native.Handle, error) {
		handles := make([]native.Handle, len(matrices))
		for i, m := range matrices {
			handles[i] = m.handle()
		}
		return native.Pack(handles, int(dtype))
	}, matrices...)
}
