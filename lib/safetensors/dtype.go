package safetensors

import (
	"fmt"
	"math"
	"slices"
)

// DType is the type of a tensor's elements, by the name that a safetensors header gives it.
type DType string

// The element types that are read and written: those of the safetensors 0.8.0 crate whose elements fill whole bytes.
// Its packed 4 and 6 bit floats (F4, F6_E2M3, F6_E3M2) are refused.
const (
	Bool       DType = "BOOL"
	U8         DType = "U8"
	I8         DType = "I8"
	F8E5M2     DType = "F8_E5M2"
	F8E4M3     DType = "F8_E4M3"
	F8E8M0     DType = "F8_E8M0"
	F8E4M3FNUZ DType = "F8_E4M3FNUZ"
	F8E5M2FNUZ DType = "F8_E5M2FNUZ"
	I16        DType = "I16"
	U16        DType = "U16"
	F16        DType = "F16"
	BF16       DType = "BF16"
	I32        DType = "I32"
	U32        DType = "U32"
	F32        DType = "F32"
	C64        DType = "C64"
	F64        DType = "F64"
	I64        DType = "I64"
	U64        DType = "U64"
)

// alignmentOrder is the order of the crate's Dtype enumeration, which decides where Write puts a tensor.
var alignmentOrder = []DType{
	Bool, U8, I8, F8E5M2, F8E4M3, F8E8M0, F8E4M3FNUZ, F8E5M2FNUZ,
	I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64, U64,
}

// Size is the number of bytes of one element, 0 for a type that is not one of the constants.
func (d DType) Size() int {
	switch d {
	case Bool, U8, I8, F8E5M2, F8E4M3, F8E8M0, F8E4M3FNUZ, F8E5M2FNUZ:
		return 1
	case I16, U16, F16, BF16:
		return 2
	case I32, U32, F32:
		return 4
	case C64, F64, I64, U64:
		return 8
	}
	return 0
}

func (d DType) rank() int { return slices.Index(alignmentOrder, d) }

// Info describes a tensor: its name, the type of its elements and its shape, which is empty for a scalar.
// Elements lie in row-major order, little-endian.
type Info struct {
	Name  string
	DType DType
	Shape []int64
}

// size returns the number of bytes of the tensor's elements. The product is taken from left to right, so that the
// same shapes overflow as in the crate.
func (i Info) size() (int64, error) {
	width := int64(i.DType.Size())
	if width == 0 {
		return 0, fmt.Errorf("unknown dtype %q", i.DType)
	}
	elements := int64(1)
	for _, d := range i.Shape {
		if d < 0 {
			return 0, fmt.Errorf("shape %v holds a negative size", i.Shape)
		}
		if elements > 0 && d > math.MaxInt64/elements {
			return 0, fmt.Errorf("shape %v overflows", i.Shape)
		}
		elements *= d
	}
	if elements > math.MaxInt64/width {
		return 0, fmt.Errorf("shape %v of %s overflows", i.Shape, i.DType)
	}
	return elements * width, nil
}
