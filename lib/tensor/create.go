package tensor

import (
	"fmt"
	"runtime"
	"unsafe"

	"github.com/sugarme/gotch/libtch"
)

// FromFloat32s copies values into a float32 tensor of the given shape.
func (s *Scope) FromFloat32s(values []float32, shape ...int64) *Tensor {
	return fromSlice(s, values, Float32, shape)
}

// FromInt64s copies values into an int64 tensor of the given shape.
func (s *Scope) FromInt64s(values []int64, shape ...int64) *Tensor {
	return fromSlice(s, values, Int64, shape)
}

// FromBytes copies the little-endian bytes of a tensor of the given dtype and shape, as a weights file holds them.
func (s *Scope) FromBytes(data []byte, dtype DType, shape ...int64) *Tensor {
	size := dtype.Size()
	if n, err := count(shape); err != nil || size == 0 || n*int64(size) != int64(len(data)) {
		s.Fail(fmt.Errorf("tensor: from bytes: %d bytes are not a %v%d", len(data), dtype, shape))
		return nil
	}
	return fromMemory(s, unsafe.Pointer(unsafe.SliceData(data)), size, dtype, shape)
}

func fromSlice[E any](s *Scope, values []E, dtype DType, shape []int64) *Tensor {
	if n, err := count(shape); err != nil || n != int64(len(values)) {
		s.Fail(fmt.Errorf("tensor: from slice: %d values are not a %v%d", len(values), dtype, shape))
		return nil
	}
	t := fromMemory(s, unsafe.Pointer(unsafe.SliceData(values)), dtype.Size(), dtype, shape)
	runtime.KeepAlive(values)
	return t
}

func fromMemory(s *Scope, data unsafe.Pointer, size int, dtype DType, shape []int64) *Tensor {
	if n, _ := count(shape); n == 0 {
		return s.Zeros(dtype, shape...)
	}
	host := s.do("from slice", func(out *libtch.Ctensor) {
		*out = libtch.AtTensorOfData(data, dims(shape), uint(len(shape)), uint(size), int(dtype))
	})
	if s.device == CPU {
		return host
	}
	return s.To(host, s.device, dtype)
}

// Zeros makes a tensor of zeros.
func (s *Scope) Zeros(dtype DType, shape ...int64) *Tensor {
	return s.create("zeros", shape, func(out *libtch.Ctensor) {
		libtch.AtgZeros(out, dims(shape), len(shape), int32(dtype), int32(s.device))
	})
}

// Full makes a tensor whose elements all are value.
func (s *Scope) Full(value float64, dtype DType, shape ...int64) *Tensor {
	v := libtch.AtsFloat(value)
	defer libtch.AtsFree(v)
	return s.create("full", shape, func(out *libtch.Ctensor) {
		libtch.AtgFull(out, dims(shape), len(shape), v, int32(dtype), int32(s.device))
	})
}

// Arange makes the int64 vector 0, 1, ..., n-1.
func (s *Scope) Arange(n int64) *Tensor {
	end := libtch.AtsInt(n)
	defer libtch.AtsFree(end)
	return s.do("arange", func(out *libtch.Ctensor) {
		libtch.AtgArange(out, end, int32(Int64), int32(s.device))
	})
}

// Randn makes a float32 tensor of draws from the standard normal distribution, by the process's generator ([Random]).
func (s *Scope) Randn(shape ...int64) *Tensor {
	return s.create("randn", shape, func(out *libtch.Ctensor) {
		libtch.AtgRandn(out, dims(shape), len(shape), int32(Float32), int32(s.device))
	})
}

func (s *Scope) create(op string, shape []int64, call func(out *libtch.Ctensor)) *Tensor {
	if _, err := count(shape); err != nil {
		s.Fail(fmt.Errorf("tensor: %s%d: %w", op, shape, err))
		return nil
	}
	failed := s.err != nil
	t := s.do(op, call)
	if s.err != nil && !failed {
		s.err = fmt.Errorf("%w (shape %d)", s.err, shape)
	}
	return t
}

// count multiplies the sizes of shape; a negative size or a product past int64 is an error.
func count(shape []int64) (int64, error) {
	n := int64(1)
	for _, d := range shape {
		if d < 0 {
			return 0, fmt.Errorf("size %d is negative", d)
		}
		if d > 0 && n > (1<<62)/d {
			return 0, fmt.Errorf("more elements than memory has addresses")
		}
		n *= d
	}
	return n, nil
}

// dims gives C an address even for a scalar's empty shape, which libtch takes with &shape[0].
func dims(shape []int64) []int64 {
	if len(shape) == 0 {
		return []int64{0}
	}
	return shape
}
