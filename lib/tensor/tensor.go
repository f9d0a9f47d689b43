package tensor

import (
	"fmt"
	"runtime"
	"unsafe"

	"github.com/sugarme/gotch/libtch"

	"paperlab/lib/tensor/native"
)

// Tensor is an array on a device, owned by a [Scope]. Reading it from several goroutines is safe; changing it in place
// while another reads it is not. A nil *Tensor is the result of an operation that failed.
type Tensor struct {
	c     libtch.Ctensor
	scope *Scope
	slot  int
}

func (t *Tensor) handle() native.Handle { return native.Handle(t.c) }

// handleOrNil is for operands that may be left out.
func (t *Tensor) handleOrNil() native.Handle {
	if t == nil {
		return nil
	}
	return t.handle()
}

func (t *Tensor) alive() bool { return t != nil && t.c != nil }

func (t *Tensor) free() {
	libtch.AtFree(t.c)
	t.c = nil
}

// Shape returns the sizes of the dimensions; nil for a freed tensor, empty for a scalar.
func (t *Tensor) Shape() []int64 {
	if !t.alive() {
		return nil
	}
	shape := make([]int64, libtch.AtDim(t.c), 8)
	libtch.AtShape(t.c, unsafe.Pointer(unsafe.SliceData(shape)))
	return shape
}

// Dim returns the size of dimension i; negative i counts from the end. 0 where there is no such dimension.
func (t *Tensor) Dim(i int) int64 {
	shape := t.Shape()
	if i < 0 {
		i += len(shape)
	}
	if i < 0 || i >= len(shape) {
		return 0
	}
	return shape[i]
}

// Len is the number of elements.
func (t *Tensor) Len() int64 {
	if !t.alive() {
		return 0
	}
	n := int64(1)
	for _, d := range t.Shape() {
		n *= d
	}
	return n
}

// DType is the type of the elements.
func (t *Tensor) DType() DType {
	if !t.alive() {
		return -1
	}
	return DType(libtch.AtScalarType(t.c))
}

// Device is where the elements lie.
func (t *Tensor) Device() Device {
	if !t.alive() {
		return CPU
	}
	return Device(int32(libtch.AtDevice(t.c)))
}

// String returns dtype and shape, such as float32[4 256], never the elements.
func (t *Tensor) String() string {
	if !t.alive() {
		return "freed"
	}
	return fmt.Sprintf("%v%d", t.DType(), t.Shape())
}

// Item returns the only element of a one-element tensor, converted to float64.
func (t *Tensor) Item() (float64, error) {
	if !t.alive() {
		return 0, fmt.Errorf("tensor: item: the tensor is nil or freed")
	}
	v, err := native.Item(t.handle())
	runtime.KeepAlive(t)
	if err != nil {
		return 0, operationError("item", err.Error(), []*Tensor{t})
	}
	return v, nil
}

// Float32s returns a copy of all elements in row-major order, converted to float32.
func (t *Tensor) Float32s() ([]float32, error) {
	return read(t, "float32s", native.CopyFloat32)
}

// Int64s returns a copy of all elements in row-major order, converted to int64.
func (t *Tensor) Int64s() ([]int64, error) {
	return read(t, "int64s", native.CopyInt64)
}

func read[E any](t *Tensor, op string, from func(native.Handle, []E) error) ([]E, error) {
	if !t.alive() {
		return nil, fmt.Errorf("tensor: %s: the tensor is nil or freed", op)
	}
	out := make([]E, t.Len())
	if len(out) == 0 {
		return out, nil
	}
	err := from(t.handle(), out)
	runtime.KeepAlive(t)
	if err != nil {
		return nil, operationError(op, err.Error(), []*Tensor{t})
	}
	return out, nil
}
