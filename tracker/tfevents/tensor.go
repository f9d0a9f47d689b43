package tfevents

import (
	"encoding/binary"
	"fmt"
	"math"

	"paperlab/tracker"
)

// The types of a tensor's elements that are read, in TensorFlow's numbers.
const (
	typeFloat    = 1
	typeDouble   = 2
	typeInt32    = 3
	typeUint8    = 4
	typeInt16    = 5
	typeInt8     = 6
	typeString   = 7
	typeInt64    = 9
	typeBool     = 10
	typeBfloat16 = 14
	typeUint16   = 17
	typeUint32   = 22
	typeUint64   = 23
)

// maxElements is how many numbers of a tensor are read at most: a histogram has a few thousand.
const maxElements = 1 << 20

// tensor holds its elements in row-major order: numbers, or strings if that is its kind.
type tensor struct {
	kind    uint64
	shape   []int64
	numbers []float64
	strings []string
}

func decodeTensor(data []byte) (t tensor, err error) {
	var content []byte
	err = eachField(data, func(f field) error {
		switch f.key {
		case 1<<3 | varint:
			t.kind = f.number
		case 2<<3 | bytes:
			return t.decodeShape(f.data)
		case 4<<3 | bytes:
			content = f.data
		case 8<<3 | bytes:
			t.strings = append(t.strings, string(f.data))
		default:
			return t.decodeNumbers(f)
		}
		return nil
	})
	if err != nil {
		return t, err
	}
	if content != nil {
		t.decodeContent(content)
	}
	return t, t.fill()
}

func (t *tensor) decodeShape(data []byte) error {
	return eachField(data, func(f field) error {
		if f.key != 2<<3|bytes {
			return nil
		}
		size := int64(0)
		err := eachField(f.data, func(f field) error {
			if f.key == 1<<3|varint {
				size = int64(f.number)
			}
			return nil
		})
		t.shape = append(t.shape, size)
		return err
	})
}

// decodeNumbers reads one of the lists of numbers, each element a field of its own or all of them packed into one.
func (t *tensor) decodeNumbers(f field) error {
	var wire uint64
	var number func(bits uint64) float64
	switch f.key >> 3 {
	case 5:
		wire, number = fixed32, func(bits uint64) float64 { return widen(math.Float32frombits(uint32(bits))) }
	case 6:
		wire, number = fixed64, math.Float64frombits
	case 7, 10: // int32 and smaller, int64
		wire, number = varint, func(bits uint64) float64 { return float64(int64(bits)) }
	case 11, 16, 17: // bool, uint32, uint64
		wire, number = varint, func(bits uint64) float64 { return float64(bits) }
	default:
		return nil
	}
	if f.key&7 == wire {
		t.numbers = append(t.numbers, number(f.number))
		return nil
	}
	if f.key&7 != bytes {
		return nil
	}
	for packed := f.data; len(packed) > 0; {
		element, rest, err := nextField(append([]byte{byte(wire)}, packed[:min(len(packed), binary.MaxVarintLen64)]...))
		if err != nil {
			return err
		}
		t.numbers = append(t.numbers, number(element.number))
		packed = packed[min(len(packed), binary.MaxVarintLen64)-len(rest):]
	}
	return nil
}

// decodeContent reads the elements as they lie in memory, little-endian.
func (t *tensor) decodeContent(content []byte) {
	little := binary.LittleEndian
	var size int
	var number func([]byte) float64
	switch t.kind {
	case typeFloat:
		size, number = 4, func(b []byte) float64 { return widen(math.Float32frombits(little.Uint32(b))) }
	case typeDouble:
		size, number = 8, func(b []byte) float64 { return math.Float64frombits(little.Uint64(b)) }
	case typeInt32:
		size, number = 4, func(b []byte) float64 { return float64(int32(little.Uint32(b))) }
	case typeUint32:
		size, number = 4, func(b []byte) float64 { return float64(little.Uint32(b)) }
	case typeInt64:
		size, number = 8, func(b []byte) float64 { return float64(int64(little.Uint64(b))) }
	case typeUint64:
		size, number = 8, func(b []byte) float64 { return float64(little.Uint64(b)) }
	case typeInt16:
		size, number = 2, func(b []byte) float64 { return float64(int16(little.Uint16(b))) }
	case typeUint16:
		size, number = 2, func(b []byte) float64 { return float64(little.Uint16(b)) }
	case typeBfloat16:
		size, number = 2, func(b []byte) float64 { return widen(math.Float32frombits(uint32(little.Uint16(b)) << 16)) }
	case typeInt8:
		size, number = 1, func(b []byte) float64 { return float64(int8(b[0])) }
	case typeUint8, typeBool:
		size, number = 1, func(b []byte) float64 { return float64(b[0]) }
	default:
		return
	}
	for ; len(content) >= size && len(t.numbers) < maxElements; content = content[size:] {
		t.numbers = append(t.numbers, number(content))
	}
}

// fill repeats the last number up to the shape's size: that is how writers shorten a tensor that ends in equal numbers.
func (t *tensor) fill() error {
	size := int64(1)
	for _, n := range t.shape {
		if n < 0 || n > maxElements || size*n > maxElements {
			return fmt.Errorf("%w tensor of shape %v: more than %d elements", tracker.ErrInvalid, t.shape, maxElements)
		}
		size *= n
	}
	if len(t.numbers) == 0 {
		return nil
	}
	for int64(len(t.numbers)) < size {
		t.numbers = append(t.numbers, t.numbers[len(t.numbers)-1])
	}
	return nil
}
