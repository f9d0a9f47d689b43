package safetensors

import (
	"encoding/binary"
	"fmt"
	"math"
	"unsafe"
)

// Float32s returns a tensor's elements as float32s of its own, row-major. F32, F16, BF16 and F64 are converted
// (F64 rounds to nearest, even on ties, as torch does); any other type is an error.
func (w *Weights) Float32s(name string) ([]float32, error) {
	e, err := w.find(name)
	if err != nil {
		return nil, err
	}
	convert, ok := toFloat32[e.DType]
	if !ok {
		return nil, fmt.Errorf("%s: tensor %q holds %s, not floating-point numbers", w.path, name, e.DType)
	}
	data := e.bytes()
	out := make([]float32, len(data)/e.DType.Size())
	convert(out, data)
	return out, nil
}

var toFloat32 = map[DType]func(dst []float32, src []byte){
	F32: func(dst []float32, src []byte) {
		// The machine is little-endian as the file is, so this is a plain copy: twice as fast as a loop.
		copy(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(dst))), 4*len(dst)), src)
	},
	F64: func(dst []float32, src []byte) {
		for i := range dst {
			dst[i] = float32(math.Float64frombits(binary.LittleEndian.Uint64(src[8*i:])))
		}
	},
	BF16: func(dst []float32, src []byte) {
		for i := range dst {
			dst[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(src[2*i:])) << 16)
		}
	},
	F16: func(dst []float32, src []byte) {
		for i := range dst {
			dst[i] = fromHalf(binary.LittleEndian.Uint16(src[2*i:]))
		}
	},
}

// fromHalf converts an IEEE 754 half. Its exponent and fraction, moved to a float32's places, are the same number
// with an exponent bias that is 112 too small; multiplying mends that, subnormals included. Infinities and NaNs keep
// their exponent of ones.
func fromHalf(h uint16) float32 {
	const exponent = 0x7c00
	sign := uint32(h&0x8000) << 16
	magnitude := uint32(h&0x7fff) << 13
	if h&exponent == exponent {
		return math.Float32frombits(sign | magnitude | 0xff<<23)
	}
	return math.Float32frombits(sign | math.Float32bits(math.Float32frombits(magnitude)*0x1p112))
}
