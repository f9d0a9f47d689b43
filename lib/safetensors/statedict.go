package safetensors

import (
	"fmt"
	"math"
)

// maxDims is torch's own limit on the dimensions of a tensor.
const maxDims = 64

// What a state dict names. torch.load knows more; a program that needs more is refused.
const (
	orderedDict      global = "collections OrderedDict"
	rebuildTensor    global = "torch._utils _rebuild_tensor_v2"
	rebuildParameter global = "torch._utils _rebuild_parameter"
)

// storageTypes names torch's typed storages.
var storageTypes = map[global]DType{
	"torch BoolStorage":         Bool,
	"torch ByteStorage":         U8,
	"torch CharStorage":         I8,
	"torch ShortStorage":        I16,
	"torch HalfStorage":         F16,
	"torch BFloat16Storage":     BF16,
	"torch IntStorage":          I32,
	"torch FloatStorage":        F32,
	"torch ComplexFloatStorage": C64,
	"torch DoubleStorage":       F64,
	"torch LongStorage":         I64,
}

// storage is a run of elements that tensors look into.
type storage struct {
	dtype DType
	data  []byte
}

// unpickle interprets the program of a state dict, as torch.save writes it, and returns its tensors in order. Their
// elements come from record, by the storage's key.
func unpickle(program []byte, record func(key string) ([]byte, error)) ([]entry, error) {
	p := &pickle{program: program, record: record, memo: map[uint64]any{}}
	result, err := p.run()
	if err != nil {
		return nil, err
	}
	state, ok := result.(*dict)
	if !ok {
		return nil, fmt.Errorf("it holds a %T, not a dict of tensors", result)
	}
	entries := make([]entry, len(state.items))
	for i, it := range state.items {
		e, ok := it.value.(entry)
		if !ok {
			return nil, fmt.Errorf("%q is a %T, not a tensor", it.key, it.value)
		}
		if err := checkName(it.key); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", it.key, err)
		}
		e.Name = it.key
		entries[i] = e
	}
	return entries, nil
}

// global consumes the two lines that name a Python object, which must be one that a state dict needs.
func (p *pickle) global() global {
	name := global(p.line() + " " + p.line())
	switch name {
	case orderedDict, rebuildTensor, rebuildParameter:
	default:
		if _, ok := storageTypes[name]; !ok {
			p.fail("it names %q, which is no part of a plain state dict", name)
		}
	}
	return name
}

// storage resolves a persistent id: ("storage", type, key, device, number of elements).
func (p *pickle) storage(id tuple) storage {
	if len(id) != 5 || id[0] != "storage" {
		p.fail("its pickle refers to something else than a storage")
		return storage{}
	}
	s := storage{dtype: storageTypes[as[global](p, id[1])]}
	key, elements := as[string](p, id[2]), as[int64](p, id[4])
	want, err := Info{DType: s.dtype, Shape: []int64{elements}}.size()
	if err == nil && p.err == nil {
		s.data, err = p.record(key)
	}
	switch {
	case err != nil:
		p.fail("storage %q: %w", key, err)
	case want != int64(len(s.data)):
		p.fail("storage %q has %d bytes, but %d elements of %s take %d", key, len(s.data), elements, s.dtype, want)
	}
	return s
}

// call does what the few functions that may be called do.
func (p *pickle) call(function global, args tuple) any {
	switch {
	case function == orderedDict && len(args) == 0:
		return &dict{}
	case function == rebuildTensor && len(args) >= 4:
		// storage, offset, shape, strides; what follows is of no use here.
		s, offset := as[storage](p, args[0]), as[int64](p, args[1])
		return p.tensor(s, offset, p.ints(args[2]), p.ints(args[3]))
	case function == rebuildParameter && len(args) >= 1:
		return as[entry](p, args[0])
	}
	p.fail("it calls %q with %d arguments", function, len(args))
	return nil
}

func (p *pickle) ints(v any) []int64 {
	ints := []int64{}
	for _, e := range as[tuple](p, v) {
		ints = append(ints, as[int64](p, e))
	}
	return ints
}

// tensor makes the tensor whose element (i, j, ...) is the storage's element offset + i*strides[0] + j*strides[1] ...
func (p *pickle) tensor(s storage, offset int64, shape, strides []int64) entry {
	e := entry{Info: Info{DType: s.dtype, Shape: shape}}
	if p.err != nil {
		return e
	}
	size, err := e.size()
	width := int64(s.dtype.Size())
	count := int64(len(s.data)) / max(width, 1)
	switch {
	case err != nil:
		p.fail("%w", err)
	case len(shape) != len(strides) || len(shape) > maxDims:
		p.fail("a tensor of %d dimensions has %d strides", len(shape), len(strides))
	case size == 0:
	case size > int64(len(s.data)):
		p.fail("a tensor of shape %v repeats elements of its storage", shape)
	case offset < 0 || span(shape, strides) > count-offset:
		p.fail("a tensor of shape %v and strides %v at %d looks past its storage of %d elements", shape, strides, offset, count)
	default:
		e.data = s.data[offset*width:]
		if rowMajor(shape, strides) {
			e.data = e.data[:size:size]
		} else {
			e.strides = strides
		}
	}
	return e
}

// span returns the number of elements from a tensor's first to its last, or MaxInt64 if a stride is negative or the
// number is too large. No size may be 0.
func span(shape, strides []int64) int64 {
	last := int64(0)
	for i, d := range shape {
		steps := d - 1
		if strides[i] < 0 || steps > 0 && strides[i] > (math.MaxInt64-1-last)/steps {
			return math.MaxInt64
		}
		last += steps * strides[i]
	}
	return last + 1
}

func rowMajor(shape, strides []int64) bool {
	next := int64(1)
	for i := len(shape) - 1; i >= 0; i-- {
		if shape[i] != 1 && strides[i] != next {
			return false
		}
		next *= shape[i]
	}
	return true
}

// bytes returns the elements in row-major order: the view itself, or a copy if it is in another order.
func (e entry) bytes() []byte {
	if e.strides == nil {
		return e.data
	}
	return gather(nil, e.data, e.Shape, e.strides, int64(e.DType.Size()))
}

// gather appends to dst the elements of a strided tensor, each of width bytes.
func gather(dst, src []byte, shape, strides []int64, width int64) []byte {
	if len(shape) == 0 {
		return append(dst, src[:width]...)
	}
	for i := range shape[0] {
		dst = gather(dst, src[i*strides[0]*width:], shape[1:], strides[1:], width)
	}
	return dst
}
