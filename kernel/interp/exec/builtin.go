package exec

import (
	"fmt"
	"go/types"
	"reflect"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

// builtin compiles a call of a built-in function. result is nil where the call is deferred or made by go.
func (c *compiler) builtin(b *ssa.Builtin, result *ssa.Call, args []ssa.Value) {
	d := reg(0)
	var typ reflect.Type // of the result, if there is one
	if result != nil {
		if t, ok := result.Type().(*types.Tuple); !ok || t.Len() > 0 {
			d, typ = c.reg(result), c.typeOf(result)
		}
	}
	switch b.Name() {
	case "append":
		c.appendTo(d, args)
	case "copy":
		c.copyInto(d, typ != nil, args)
	case "delete":
		m, key, t := c.reg(args[0]), c.reg(args[1]), descriptor(c.typeOf(args[0]))
		c.emit(func(fr *frame) { mapdelete(t, *at[unsafe.Pointer](fr, m), fr.at(key)) })
	case "clear":
		x, t := c.reg(args[0]), c.typeOf(args[0])
		c.emit(func(fr *frame) { valueAt(t, fr.at(x)).Clear() })
	case "close":
		x, t := c.reg(args[0]), c.typeOf(args[0])
		c.emit(func(fr *frame) { valueAt(t, fr.at(x)).Close() })
	case "len", "cap":
		c.length(b.Name(), d, args[0])
	case "min", "max":
		c.extreme(b.Name() == "min", d, typ, args)
	case "print", "println":
		c.print(b.Name() == "println", args)
	case "panic":
		x := c.reg(args[0])
		c.emit(func(fr *frame) { panic(*at[any](fr, x)) })
	case "recover":
		c.emit(func(fr *frame) {
			if value := fr.recover(); typ != nil {
				*at[any](fr, d) = value
			}
		})
	case "real", "imag", "complex":
		c.complexPart(b.Name(), d, typ, args)
	case "ssa:wrapnilchk":
		x, recv, name := c.reg(args[0]), c.reg(args[1]), c.reg(args[2])
		c.emit(func(fr *frame) {
			p := *at[unsafe.Pointer](fr, x)
			if p == nil {
				panic(runtimeError(fmt.Sprintf("value method %s.%s called using nil pointer", *at[string](fr, recv), *at[string](fr, name))))
			}
			*at[unsafe.Pointer](fr, d) = p
		})
	case "ssa:deferstack":
		c.lends = true
		c.emit(func(fr *frame) { *at[*frame](fr, d) = fr })
	default:
		c.unsafeBuiltin(b.Name(), d, typ, args)
	}
}

func (c *compiler) appendTo(d reg, args []ssa.Value) {
	s, t := c.reg(args[0]), c.typeOf(args[0])
	if len(args) == 1 {
		c.move(d, s, copierOf(t))
		return
	}
	elem, size := descriptor(t.Elem()), t.Elem().Size()
	more := c.reg(args[1])
	isText := c.typeOf(args[1]).Kind() == reflect.String
	how := copierOf(t.Elem())
	c.emit(func(fr *frame) {
		old := *at[sliceHeader](fr, s)
		added := sliceOf(fr, more, isText)
		length := old.len + added.len
		if length < 0 {
			panic(runtimeError("growslice: len out of range"))
		}
		if length > old.cap {
			if added.len == 0 {
				*at[sliceHeader](fr, d) = old
				return
			}
			grown := growslice(elem, old, added.len)
			old.data, old.cap = grown.data, grown.cap
		}
		if added.len == 1 {
			how.copy(unsafe.Add(old.data, uintptr(old.len)*size), added.data)
		} else if added.len > 0 {
			typedslicecopy(elem, sliceHeader{unsafe.Add(old.data, uintptr(old.len)*size), added.len, added.len}, added)
		}
		*at[sliceHeader](fr, d) = sliceHeader{old.data, length, old.cap}
	})
}

// sliceOf reads a slice, or a string as one of bytes.
func sliceOf(fr *frame, r reg, isText bool) sliceHeader {
	if isText {
		s := *at[string](fr, r)
		return sliceHeader{unsafe.Pointer(unsafe.StringData(s)), len(s), len(s)}
	}
	return *at[sliceHeader](fr, r)
}

func (c *compiler) copyInto(d reg, used bool, args []ssa.Value) {
	dst, src := c.reg(args[0]), c.reg(args[1])
	elem := descriptor(c.typeOf(args[0]).Elem())
	isText := c.typeOf(args[1]).Kind() == reflect.String
	c.emit(func(fr *frame) {
		n := typedslicecopy(elem, *at[sliceHeader](fr, dst), sliceOf(fr, src, isText))
		if used {
			*at[int](fr, d) = n
		}
	})
}

func (c *compiler) length(name string, d reg, arg ssa.Value) {
	x, t := c.reg(arg), c.typeOf(arg)
	switch kind := t.Kind(); {
	case kind == reflect.String:
		c.emit(func(fr *frame) { *at[int](fr, d) = len(*at[string](fr, x)) })
	case kind == reflect.Slice && name == "len":
		c.emit(func(fr *frame) { *at[int](fr, d) = at[sliceHeader](fr, x).len })
	case kind == reflect.Slice:
		c.emit(func(fr *frame) { *at[int](fr, d) = at[sliceHeader](fr, x).cap })
	case kind == reflect.Pointer: // to an array
		n := t.Elem().Len()
		c.emit(func(fr *frame) { *at[int](fr, d) = n })
	case kind == reflect.Array:
		n := t.Len()
		c.emit(func(fr *frame) { *at[int](fr, d) = n })
	case name == "len":
		c.emit(func(fr *frame) { *at[int](fr, d) = valueAt(t, fr.at(x)).Len() })
	default:
		c.emit(func(fr *frame) { *at[int](fr, d) = valueAt(t, fr.at(x)).Cap() })
	}
}

func (c *compiler) complexPart(name string, d reg, t reflect.Type, args []ssa.Value) {
	x := c.reg(args[0])
	switch {
	case name == "complex" && t.Kind() == reflect.Complex64:
		y := c.reg(args[1])
		c.emit(func(fr *frame) { *at[complex64](fr, d) = complex(*at[float32](fr, x), *at[float32](fr, y)) })
	case name == "complex":
		y := c.reg(args[1])
		c.emit(func(fr *frame) { *at[complex128](fr, d) = complex(*at[float64](fr, x), *at[float64](fr, y)) })
	case name == "real" && t.Kind() == reflect.Float32:
		c.emit(func(fr *frame) { *at[float32](fr, d) = real(*at[complex64](fr, x)) })
	case name == "real":
		c.emit(func(fr *frame) { *at[float64](fr, d) = real(*at[complex128](fr, x)) })
	case t.Kind() == reflect.Float32:
		c.emit(func(fr *frame) { *at[float32](fr, d) = imag(*at[complex64](fr, x)) })
	default:
		c.emit(func(fr *frame) { *at[float64](fr, d) = imag(*at[complex128](fr, x)) })
	}
}

// unsafeBuiltin compiles the functions of package unsafe that are not constant.
func (c *compiler) unsafeBuiltin(name string, d reg, t reflect.Type, args []ssa.Value) {
	switch name {
	case "Sizeof":
		c.constant(d, c.typeOf(args[0]).Size())
		return
	case "Alignof":
		c.constant(d, uintptr(c.typeOf(args[0]).Align()))
		return
	case "Offsetof":
		c.constant(d, c.offsetOf(args[0]))
		return
	}
	x := c.reg(args[0])
	switch name {
	case "Add":
		n := c.indexOf(args[1])
		c.emit(func(fr *frame) { *at[unsafe.Pointer](fr, d) = unsafe.Add(*at[unsafe.Pointer](fr, x), n(fr)) })
	case "Slice":
		n, size := c.indexOf(args[1]), t.Elem().Size()
		c.emit(func(fr *frame) {
			p, length := *at[unsafe.Pointer](fr, x), n(fr)
			checkUnsafeLength("unsafe.Slice", p, length, size)
			*at[sliceHeader](fr, d) = sliceHeader{p, length, length}
		})
	case "String":
		n := c.indexOf(args[1])
		c.emit(func(fr *frame) {
			p, length := *at[*byte](fr, x), n(fr)
			checkUnsafeLength("unsafe.String", unsafe.Pointer(p), length, 1)
			*at[string](fr, d) = unsafe.String(p, length)
		})
	case "SliceData":
		c.emit(func(fr *frame) { *at[unsafe.Pointer](fr, d) = at[sliceHeader](fr, x).data })
	case "StringData":
		c.emit(func(fr *frame) { *at[*byte](fr, d) = unsafe.StringData(*at[string](fr, x)) })
	default:
		panic(fmt.Sprintf("built-in %s", name))
	}
}

// constant sets a register to a number known now.
func (c *compiler) constant(d reg, n uintptr) {
	c.emit(func(fr *frame) { *at[uintptr](fr, d) = n })
}

// offsetOf gives the offset of the field that was read.
func (c *compiler) offsetOf(v ssa.Value) uintptr {
	switch v := v.(type) {
	case *ssa.Field:
		return c.typeOf(v.X).Field(v.Field).Offset
	case *ssa.UnOp:
		if f, ok := v.X.(*ssa.FieldAddr); ok {
			return c.real(deref(f.X.Type())).Field(f.Field).Offset
		}
	}
	panic(fmt.Sprintf("unsafe.Offsetof of %s", v))
}

func checkUnsafeLength(what string, p unsafe.Pointer, n int, size uintptr) {
	if n < 0 || size > 0 && (uintptr(n) > maxAlloc/size || uintptr(n)*size > -uintptr(p)) && p != nil {
		panic(runtimeError(what + ": len out of range"))
	}
	if p == nil && n > 0 {
		panic(runtimeError(what + ": ptr is nil and len is not zero"))
	}
}
