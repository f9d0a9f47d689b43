package tensor

import "fmt"

// DType is the type of a tensor's elements, numbered as libtorch's ScalarType.
type DType int

// The element types that models and checkpoints use.
const (
	Uint8    DType = 0
	Int8     DType = 1
	Int16    DType = 2
	Int32    DType = 3
	Int64    DType = 4
	Float16  DType = 5
	Float32  DType = 6
	Float64  DType = 7
	Bool     DType = 11
	BFloat16 DType = 15
)

var dtypes = map[DType]struct {
	name string
	size int
}{
	Uint8: {"uint8", 1}, Int8: {"int8", 1}, Int16: {"int16", 2}, Int32: {"int32", 4}, Int64: {"int64", 8},
	Float16: {"float16", 2}, Float32: {"float32", 4}, Float64: {"float64", 8}, Bool: {"bool", 1}, BFloat16: {"bfloat16", 2},
}

// String returns PyTorch's name without "torch.": float32, bfloat16, int64.
func (d DType) String() string {
	if known, ok := dtypes[d]; ok {
		return known.name
	}
	return fmt.Sprintf("dtype(%d)", int(d))
}

// Size is the number of bytes of one element, 0 for a type that is not listed here.
func (d DType) Size() int { return dtypes[d].size }

// MarshalText returns the name, so that JSON and flags have it in place of the number.
func (d DType) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a name; one that is not listed here is an error.
func (d *DType) UnmarshalText(text []byte) error {
	for dtype, known := range dtypes {
		if known.name == string(text) {
			*d = dtype
			return nil
		}
	}
	return fmt.Errorf("tensor: %q is no dtype", text)
}

// ParsePrecision reads the name of a type for matrix products: "fp32" for [Float32], "bf16" for [BFloat16].
func ParsePrecision(name string) (DType, error) {
	switch name {
	case "fp32":
		return Float32, nil
	case "bf16":
		return BFloat16, nil
	}
	return Float32, fmt.Errorf("tensor: precision %q is neither fp32 nor bf16", name)
}
