package exec

import (
	"fmt"
	"go/types"
	"reflect"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

// alloc makes a variable: on the heap, or among the registers if its address stays in the function.
func (c *compiler) alloc(instr *ssa.Alloc) {
	d := c.reg(instr)
	how := copierOf(c.real(deref(instr.Type())))
	if instr.Heap {
		c.emit(func(fr *frame) { *at[unsafe.Pointer](fr, d) = newObject(how.typ) })
		return
	}
	variable := c.component(instr, 1)
	c.emit(func(fr *frame) {
		p := fr.at(variable)
		how.clear(p)
		*at[unsafe.Pointer](fr, d) = p
	})
}

// load reads what a pointer points to.
func (c *compiler) load(instr *ssa.UnOp) {
	d := c.reg(instr)
	if global, ok := instr.X.(*ssa.Global); ok {
		if value, ok := c.taskVariable(global); ok {
			t := c.typeOf(instr)
			c.emit(func(fr *frame) { storeAt(t, fr.at(d), value(fr.g.task)) })
			return
		}
	}
	p := c.reg(instr.X)
	how := c.copierOf(instr)
	switch how.shape {
	case empty:
		c.emit(func(fr *frame) { checkNil(*at[unsafe.Pointer](fr, p)) })
	case word8:
		c.emit(loadOp[uint8](d, p))
	case word16:
		c.emit(loadOp[uint16](d, p))
	case word32:
		c.emit(loadOp[uint32](d, p))
	case word64:
		c.emit(loadOp[uint64](d, p))
	case pointer:
		c.emit(loadOp[unsafe.Pointer](d, p))
	case text:
		c.emit(loadOp[string](d, p))
	case slice:
		c.emit(loadOp[sliceHeader](d, p))
	case iface:
		c.emit(loadOp[interfaceHeader](d, p))
	default:
		c.emit(func(fr *frame) {
			src := *at[unsafe.Pointer](fr, p)
			checkNil(src)
			typedmemmove(how.typ, fr.at(d), src)
		})
	}
}

func loadOp[T any](d, p reg) op {
	return func(fr *frame) { *at[T](fr, d) = **at[*T](fr, p) }
}

// store writes what a pointer points to.
func (c *compiler) store(instr *ssa.Store) {
	if field, ok := instr.Addr.(*ssa.FieldAddr); ok && c.real(deref(field.X.Type())).Field(field.Field).Name == "_" {
		return // what a composite literal gives a blank field
	}
	p, v := c.reg(instr.Addr), c.reg(instr.Val)
	how := c.copierOf(instr.Val)
	switch how.shape {
	case empty:
		c.emit(func(fr *frame) { checkNil(*at[unsafe.Pointer](fr, p)) })
	case word8:
		c.emit(storeOp[uint8](p, v))
	case word16:
		c.emit(storeOp[uint16](p, v))
	case word32:
		c.emit(storeOp[uint32](p, v))
	case word64:
		c.emit(storeOp[uint64](p, v))
	case pointer:
		c.emit(storeOp[unsafe.Pointer](p, v))
	case text:
		c.emit(storeOp[string](p, v))
	case slice:
		c.emit(storeOp[sliceHeader](p, v))
	case iface:
		c.emit(storeOp[interfaceHeader](p, v))
	default:
		c.emit(func(fr *frame) {
			dst := *at[unsafe.Pointer](fr, p)
			checkNil(dst)
			typedmemmove(how.typ, dst, fr.at(v))
		})
	}
}

func storeOp[T any](p, v reg) op {
	return func(fr *frame) { **at[*T](fr, p) = *at[T](fr, v) }
}

func checkNil(p unsafe.Pointer) {
	if p == nil {
		nilDereference()
	}
}

func (c *compiler) fieldAddr(instr *ssa.FieldAddr) {
	d, x := c.reg(instr), c.reg(instr.X)
	offset := c.real(deref(instr.X.Type())).Field(instr.Field).Offset
	c.emit(func(fr *frame) {
		p := *at[unsafe.Pointer](fr, x)
		if p == nil {
			nilDereference()
		}
		*at[unsafe.Pointer](fr, d) = unsafe.Add(p, offset)
	})
}

func (c *compiler) field(instr *ssa.Field) {
	x := c.reg(instr.X)
	c.move(c.reg(instr), x+c.typeOf(instr.X).Field(instr.Field).Offset, c.copierOf(instr))
}

// index is the bounds check of Go itself: the panic is the runtime's own.
func checkIndex(i, n int) {
	_ = unsafe.Slice(&nothing, n)[i]
}

var nothing struct{}

// indexOf reads an index of any integer type. One that does not fit an int is out of range.
func (c *compiler) indexOf(v ssa.Value) func(*frame) int {
	r := c.reg(v)
	switch c.typeOf(v).Kind() {
	case reflect.Int, reflect.Int64:
		return func(fr *frame) int { return *at[int](fr, r) }
	case reflect.Int8:
		return func(fr *frame) int { return int(*at[int8](fr, r)) }
	case reflect.Int16:
		return func(fr *frame) int { return int(*at[int16](fr, r)) }
	case reflect.Int32:
		return func(fr *frame) int { return int(*at[int32](fr, r)) }
	case reflect.Uint8:
		return func(fr *frame) int { return int(*at[uint8](fr, r)) }
	case reflect.Uint16:
		return func(fr *frame) int { return int(*at[uint16](fr, r)) }
	case reflect.Uint32:
		return func(fr *frame) int { return int(*at[uint32](fr, r)) }
	}
	return func(fr *frame) int {
		n := *at[uint64](fr, r)
		if n > 1<<62 {
			return 1 << 62
		}
		return int(n)
	}
}

func (c *compiler) isInt(v ssa.Value) bool {
	k := c.typeOf(v).Kind()
	return k == reflect.Int || k == reflect.Int64
}

func (c *compiler) indexAddr(instr *ssa.IndexAddr) {
	d, x, index := c.reg(instr), c.reg(instr.X), c.indexOf(instr.Index)
	t := c.typeOf(instr.X)
	if t.Kind() == reflect.Slice {
		size := t.Elem().Size()
		if c.isInt(instr.Index) {
			i := c.reg(instr.Index)
			c.emit(func(fr *frame) {
				s, k := at[sliceHeader](fr, x), *at[int](fr, i)
				if uint(k) >= uint(s.len) {
					checkIndex(k, s.len)
				}
				*at[unsafe.Pointer](fr, d) = unsafe.Add(s.data, uintptr(k)*size)
			})
			return
		}
		c.emit(func(fr *frame) {
			s, k := at[sliceHeader](fr, x), index(fr)
			checkIndex(k, s.len)
			*at[unsafe.Pointer](fr, d) = unsafe.Add(s.data, uintptr(k)*size)
		})
		return
	}
	array := t.Elem()
	size, n := array.Elem().Size(), array.Len()
	c.emit(func(fr *frame) {
		p, k := *at[unsafe.Pointer](fr, x), index(fr)
		checkNil(p)
		checkIndex(k, n)
		*at[unsafe.Pointer](fr, d) = unsafe.Add(p, uintptr(k)*size)
	})
}

func (c *compiler) index(instr *ssa.Index) {
	d, x, index := c.reg(instr), c.reg(instr.X), c.indexOf(instr.Index)
	t := c.typeOf(instr.X)
	if t.Kind() == reflect.String {
		c.emit(func(fr *frame) { *at[byte](fr, d) = (*at[string](fr, x))[index(fr)] })
		return
	}
	how, size, n := copierOf(t.Elem()), t.Elem().Size(), t.Len()
	c.emit(func(fr *frame) {
		k := index(fr)
		checkIndex(k, n)
		how.copy(fr.at(d), fr.at(x+uintptr(k)*size))
	})
}

// bounds are the operands of a slice expression; absent ones are nil.
type bounds struct{ low, high, max func(*frame) int }

func (c *compiler) boundsOf(instr *ssa.Slice) bounds {
	read := func(v ssa.Value) func(*frame) int {
		if v == nil {
			return nil
		}
		return c.indexOf(v)
	}
	return bounds{read(instr.Low), read(instr.High), read(instr.Max)}
}

// cut applies a slice expression to n elements of a capacity and gives the new bounds. An array or a string, whose
// capacity is its length, words its panics differently.
func (b bounds) cut(fr *frame, n, capacity int, array bool) (low, high, limit int) {
	low, high, limit = 0, n, capacity
	if b.low != nil {
		low = b.low(fr)
	}
	if b.high != nil {
		high = b.high(fr)
	}
	if b.max != nil {
		limit = b.max(fr)
	}
	if uint(limit) > uint(capacity) || uint(high) > uint(limit) || uint(low) > uint(high) {
		panic(b.outOfRange(low, high, limit, capacity, array))
	}
	return low, high, limit
}

// outOfRange words the panic of a slice expression as the runtime does.
func (b bounds) outOfRange(low, high, limit, capacity int, array bool) error {
	of := "capacity"
	if array {
		of = "length"
	}
	colon := ""
	if b.max != nil {
		colon = ":"
	}
	what := func(at string, bound int, beyond string) error {
		if bound < 0 {
			return runtimeError("slice bounds out of range [" + at + "]")
		}
		return runtimeError("slice bounds out of range [" + at + beyond)
	}
	switch {
	case uint(limit) > uint(capacity):
		return what(fmt.Sprintf("::%d", limit), limit, fmt.Sprintf("] with %s %d", of, capacity))
	case uint(high) > uint(limit) && b.max == nil:
		return what(fmt.Sprintf(":%d", high), high, fmt.Sprintf("] with %s %d", of, capacity))
	case uint(high) > uint(limit):
		return what(fmt.Sprintf(":%d:", high), high, fmt.Sprintf("%d]", limit))
	}
	if low < 0 {
		return what(fmt.Sprintf("%d:%s", low, colon), low, "")
	}
	return what(fmt.Sprintf("%d:%d%s", low, high, colon), low, "]")
}

func (c *compiler) slice(instr *ssa.Slice) {
	d, x, b := c.reg(instr), c.reg(instr.X), c.boundsOf(instr)
	t := c.typeOf(instr.X)
	switch t.Kind() {
	case reflect.String:
		c.emit(func(fr *frame) {
			s := *at[string](fr, x)
			low, high, _ := b.cut(fr, len(s), len(s), true)
			*at[string](fr, d) = s[low:high]
		})
	case reflect.Slice:
		size := t.Elem().Size()
		c.emit(func(fr *frame) {
			s := *at[sliceHeader](fr, x)
			low, high, limit := b.cut(fr, s.len, s.cap, false)
			*at[sliceHeader](fr, d) = subslice(s.data, size, low, high, limit)
		})
	case reflect.Pointer:
		size, n := t.Elem().Elem().Size(), t.Elem().Len()
		c.emit(func(fr *frame) {
			p := *at[unsafe.Pointer](fr, x)
			checkNil(p)
			low, high, limit := b.cut(fr, n, n, true)
			*at[sliceHeader](fr, d) = subslice(p, size, low, high, limit)
		})
	default:
		panic(fmt.Sprintf("slice of %s", t))
	}
}

// subslice points into an array. An empty one without capacity must not point past the array's end.
func subslice(data unsafe.Pointer, size uintptr, low, high, limit int) sliceHeader {
	if limit > low {
		data = unsafe.Add(data, uintptr(low)*size)
	}
	return sliceHeader{data, high - low, limit - low}
}

func (c *compiler) makeSlice(instr *ssa.MakeSlice) {
	d, length, capacity := c.reg(instr), c.indexOf(instr.Len), c.indexOf(instr.Cap)
	elem := c.typeOf(instr).Elem()
	typ, size := descriptor(elem), elem.Size()
	c.emit(func(fr *frame) {
		n, most := length(fr), capacity(fr)
		if n < 0 || size > 0 && uintptr(n) > maxAlloc/size {
			panic(runtimeError("makeslice: len out of range"))
		}
		if most < n || size > 0 && uintptr(most) > maxAlloc/size {
			panic(runtimeError("makeslice: cap out of range"))
		}
		*at[sliceHeader](fr, d) = sliceHeader{newArray(typ, most), n, most}
	})
}

// maxAlloc is the size of the address space that the runtime allocates from.
const maxAlloc = 1 << 48

func (c *compiler) sliceToArrayPointer(instr *ssa.SliceToArrayPointer) {
	d, x := c.reg(instr), c.reg(instr.X)
	n := int(deref(instr.Type()).Underlying().(*types.Array).Len())
	c.emit(func(fr *frame) {
		s := at[sliceHeader](fr, x)
		if s.len < n {
			panic(runtimeError(fmt.Sprintf("cannot convert slice with length %d to array or pointer to array with length %d", s.len, n)))
		}
		*at[unsafe.Pointer](fr, d) = s.data
	})
}
