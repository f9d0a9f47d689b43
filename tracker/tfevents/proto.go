package tfevents

import (
	"encoding/binary"
	"errors"
	"math"
)

// The wire types of protobuf. A field begins with its number and wire type, as number<<3 | type.
const (
	varint  = 0
	fixed64 = 1
	bytes   = 2
	fixed32 = 5
)

var errMessage = errors.New("a message breaks off or has a field of no known kind")

// field is one field of a message: data is what a field of bytes holds, number the bits of any other.
type field struct {
	key    uint64 // number<<3 | wire type
	number uint64
	data   []byte
}

func (f field) double() float64 { return math.Float64frombits(f.number) }
func (f field) float() float32  { return math.Float32frombits(uint32(f.number)) }

// eachField calls do for each field of a message, in order. Fields of no interest are for do to pass over: messages grow
// by fields, and old readers go on working.
func eachField(message []byte, do func(f field) error) error {
	for len(message) > 0 {
		f, rest, err := nextField(message)
		if err != nil {
			return err
		}
		if err := do(f); err != nil {
			return err
		}
		message = rest
	}
	return nil
}

func nextField(message []byte) (f field, rest []byte, err error) {
	key, n := binary.Uvarint(message)
	if n <= 0 {
		return f, nil, errMessage
	}
	f.key, message = key, message[n:]
	switch key & 7 {
	case varint, bytes:
		if f.number, n = binary.Uvarint(message); n <= 0 {
			return f, nil, errMessage
		}
		message = message[n:]
		if key&7 == varint {
			return f, message, nil
		}
		if f.number > uint64(len(message)) {
			return f, nil, errMessage
		}
		f.data = message[:f.number:f.number]
		return f, message[f.number:], nil
	case fixed64:
		if len(message) < 8 {
			return f, nil, errMessage
		}
		f.number = binary.LittleEndian.Uint64(message)
		return f, message[8:], nil
	case fixed32:
		if len(message) < 4 {
			return f, nil, errMessage
		}
		f.number = uint64(binary.LittleEndian.Uint32(message))
		return f, message[4:], nil
	}
	return f, nil, errMessage
}

// message is one that is being built.
type message []byte

func (m message) uint(number int, v uint64) message {
	return binary.AppendUvarint(binary.AppendUvarint(m, uint64(number<<3|varint)), v)
}

func (m message) double(number int, v float64) message {
	return binary.LittleEndian.AppendUint64(binary.AppendUvarint(m, uint64(number<<3|fixed64)), math.Float64bits(v))
}

func (m message) float(number int, v float32) message {
	return binary.LittleEndian.AppendUint32(binary.AppendUvarint(m, uint64(number<<3|fixed32)), math.Float32bits(v))
}

func (m message) text(number int, v string) message {
	return append(binary.AppendUvarint(binary.AppendUvarint(m, uint64(number<<3|bytes)), uint64(len(v))), v...)
}

func (m message) sub(number int, v message) message {
	return append(binary.AppendUvarint(binary.AppendUvarint(m, uint64(number<<3|bytes)), uint64(len(v))), v...)
}

// doubles adds a packed list.
func (m message) doubles(number int, values []float64) message {
	m = binary.AppendUvarint(binary.AppendUvarint(m, uint64(number<<3|bytes)), uint64(8*len(values)))
	for _, v := range values {
		m = binary.LittleEndian.AppendUint64(m, math.Float64bits(v))
	}
	return m
}
