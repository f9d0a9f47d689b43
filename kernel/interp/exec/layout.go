package exec

import (
	"reflect"
	"strconv"
	"sync"
	"unsafe"
)

// reg is the place of a value among a call's registers: bytes from their start.
type reg = uintptr

// layout assigns registers. Values of one shape lie side by side, and their numbers are rounded up, so that few types
// describe the registers of all functions: reflect never frees a type that it made.
type layout struct {
	count  [other]int // values of each shape below other; interfaces count as two pointers
	others []reflect.Type
}

// slot is a register before the layout is complete.
type slot struct {
	shape shape
	index int
}

func (l *layout) add(t reflect.Type) slot {
	s := shapeOf(t)
	switch s {
	case empty:
		return slot{shape: empty}
	case word8, word16, word32:
		s = word64
	case iface:
		l.count[pointer] += 2
		return slot{pointer, l.count[pointer] - 2}
	case other:
		l.others = append(l.others, t)
		return slot{other, len(l.others) - 1}
	}
	l.count[s]++
	return slot{s, l.count[s] - 1}
}

// registers is a finished layout.
type registers struct {
	typ    unsafe.Pointer // descriptor of the struct type that describes them
	areas  [other]reg     // where the values of each shape start
	others []reg
}

func (r *registers) place(s slot) reg {
	switch s.shape {
	case empty:
		return 0
	case text:
		return r.areas[text] + reg(s.index)*unsafe.Sizeof("")
	case slice:
		return r.areas[slice] + reg(s.index)*unsafe.Sizeof(sliceHeader{})
	case other:
		return r.others[s.index]
	}
	return r.areas[s.shape] + reg(s.index)*8
}

func (l *layout) finish() *registers {
	key := layoutKey{roundUp(l.count[pointer]), roundUp(l.count[text]), roundUp(l.count[slice]), roundUp(l.count[word64])}
	fields := []reflect.StructField{
		{Name: "Pointers", Type: reflect.ArrayOf(key.pointers, reflect.TypeFor[unsafe.Pointer]())},
		{Name: "Strings", Type: reflect.ArrayOf(key.strings, reflect.TypeFor[string]())},
		{Name: "Slices", Type: reflect.ArrayOf(key.slices, reflect.TypeFor[[]byte]())},
		{Name: "Words", Type: reflect.ArrayOf(key.words, reflect.TypeFor[uint64]())},
	}
	if len(l.others) > 0 {
		for i, t := range l.others {
			fields = append(fields, reflect.StructField{Name: "Other" + strconv.Itoa(i), Type: t})
		}
		return describe(reflect.StructOf(fields))
	}
	if known, ok := layouts.Load(key); ok {
		return known.(*registers)
	}
	made, _ := layouts.LoadOrStore(key, describe(reflect.StructOf(fields)))
	return made.(*registers)
}

// layoutKey counts the values of each shape in a layout without others.
type layoutKey struct{ pointers, strings, slices, words int }

var layouts sync.Map // layoutKey -> *registers

func describe(t reflect.Type) *registers {
	r := &registers{typ: descriptor(t)}
	for i, s := range []shape{pointer, text, slice, word64} {
		r.areas[s] = t.Field(i).Offset
	}
	for i := 4; i < t.NumField(); i++ {
		r.others = append(r.others, t.Field(i).Offset)
	}
	return r
}

// roundUp gives the next of 0, 1, 2, 4, 6, 8, 12, 16, 24, 32, ...
func roundUp(n int) int {
	if n <= 2 {
		return n
	}
	for step := 2; ; step *= 2 {
		for _, size := range []int{2 * step, 3 * step} {
			if n <= size {
				return size
			}
		}
	}
}
