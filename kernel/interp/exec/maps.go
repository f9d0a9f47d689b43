package exec

import (
	"reflect"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

func (c *compiler) makeMap(instr *ssa.MakeMap) {
	d, t := c.reg(instr), c.typeOf(instr)
	reserve := func(*frame) int { return 0 }
	if instr.Reserve != nil {
		reserve = c.indexOf(instr.Reserve)
	}
	c.emit(func(fr *frame) {
		n := reserve(fr)
		if n < 0 {
			panic(runtimeError("makemap: size out of range"))
		}
		*at[unsafe.Pointer](fr, d) = reflect.MakeMapWithSize(t, n).UnsafePointer()
	})
}

// lookup reads a map's element, zero if it is absent.
func (c *compiler) lookup(instr *ssa.Lookup) {
	d, x, key := c.reg(instr), c.reg(instr.X), c.reg(instr.Index)
	t := c.typeOf(instr.X)
	typ, how := descriptor(t), copierOf(t.Elem())
	ok := reg(0)
	if instr.CommaOk {
		ok = c.component(instr, 1)
	}
	c.emit(func(fr *frame) {
		p := mapaccess(typ, *at[unsafe.Pointer](fr, x), fr.at(key))
		if p != nil {
			how.copy(fr.at(d), p)
		} else {
			how.clear(fr.at(d))
		}
		if instr.CommaOk {
			*at[bool](fr, ok) = p != nil
		}
	})
}

func (c *compiler) mapUpdate(instr *ssa.MapUpdate) {
	x, key, value := c.reg(instr.Map), c.reg(instr.Key), c.reg(instr.Value)
	typ := descriptor(c.typeOf(instr.Map))
	c.emit(func(fr *frame) {
		mapassign(typ, *at[unsafe.Pointer](fr, x), fr.at(key), fr.at(value))
	})
}

// rangeOver starts an iteration over a map or a string.
func (c *compiler) rangeOver(instr *ssa.Range) {
	d, x, t := c.reg(instr), c.reg(instr.X), c.typeOf(instr.X)
	if t.Kind() == reflect.String {
		c.emit(func(fr *frame) {
			*at[unsafe.Pointer](fr, d) = unsafe.Pointer(&stringIterator{rest: *at[string](fr, x)})
		})
		return
	}
	c.emit(func(fr *frame) {
		*at[unsafe.Pointer](fr, d) = unsafe.Pointer(valueAt(t, fr.at(x)).MapRange())
	})
}

type stringIterator struct {
	rest  string
	index int
}

// next steps an iteration: whether there is more, the key, the value.
func (c *compiler) next(instr *ssa.Next) {
	it, ok, k, v := c.reg(instr.Iter), c.component(instr, 0), c.component(instr, 1), c.component(instr, 2)
	if instr.IsString {
		c.emit(func(fr *frame) {
			s := *at[*stringIterator](fr, it)
			more := s.rest != ""
			*at[bool](fr, ok) = more
			if more {
				r, size := utf8.DecodeRuneInString(s.rest)
				*at[int](fr, k), *at[rune](fr, v) = s.index, r
				s.rest, s.index = s.rest[size:], s.index+size
			}
		})
		return
	}
	t := c.typeOf(instr.Iter.(*ssa.Range).X)
	key, elem := t.Key(), t.Elem()
	c.emit(func(fr *frame) {
		m := *at[*reflect.MapIter](fr, it)
		more := m.Next()
		*at[bool](fr, ok) = more
		if more {
			valueAt(key, fr.at(k)).SetIterKey(m)
			valueAt(elem, fr.at(v)).SetIterValue(m)
		}
	})
}
