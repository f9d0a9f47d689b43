package exec

import (
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

func isComparison(o token.Token) bool {
	switch o {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		return true
	}
	return false
}

// comparison compiles a comparison to a test.
func (c *compiler) comparison(instr *ssa.BinOp) func(*frame) bool {
	x, y := c.reg(instr.X), c.reg(instr.Y)
	switch { // with an untyped nil
	case isUntypedNil(instr.X.Type()):
		return negated(instr.Op, func(fr *frame) bool { return *at[unsafe.Pointer](fr, y) == nil })
	case isUntypedNil(instr.Y.Type()):
		return negated(instr.Op, func(fr *frame) bool { return *at[unsafe.Pointer](fr, x) == nil })
	}
	t := c.typeOf(instr.X)
	switch t.Kind() {
	case reflect.Bool:
		return equality[bool](instr.Op, x, y)
	case reflect.Int:
		return order[int](instr.Op, x, y)
	case reflect.Int8:
		return order[int8](instr.Op, x, y)
	case reflect.Int16:
		return order[int16](instr.Op, x, y)
	case reflect.Int32:
		return order[int32](instr.Op, x, y)
	case reflect.Int64:
		return order[int64](instr.Op, x, y)
	case reflect.Uint:
		return order[uint](instr.Op, x, y)
	case reflect.Uint8:
		return order[uint8](instr.Op, x, y)
	case reflect.Uint16:
		return order[uint16](instr.Op, x, y)
	case reflect.Uint32:
		return order[uint32](instr.Op, x, y)
	case reflect.Uint64:
		return order[uint64](instr.Op, x, y)
	case reflect.Uintptr:
		return order[uintptr](instr.Op, x, y)
	case reflect.Float32:
		return order[float32](instr.Op, x, y)
	case reflect.Float64:
		return order[float64](instr.Op, x, y)
	case reflect.String:
		return order[string](instr.Op, x, y)
	case reflect.Complex64:
		return equality[complex64](instr.Op, x, y)
	case reflect.Complex128:
		return equality[complex128](instr.Op, x, y)
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer, reflect.Map, reflect.Func:
		return equality[unsafe.Pointer](instr.Op, x, y)
	case reflect.Slice: // with nil: the other side is a nil slice too
		return negated(instr.Op, func(fr *frame) bool { return at[sliceHeader](fr, x).data == at[sliceHeader](fr, y).data })
	case reflect.Interface:
		return negated(instr.Op, func(fr *frame) bool { return asAny(t, fr.at(x)) == asAny(t, fr.at(y)) })
	}
	return negated(instr.Op, func(fr *frame) bool {
		return valueAt(t, fr.at(x)).Interface() == valueAt(t, fr.at(y)).Interface()
	})
}

func isUntypedNil(t types.Type) bool {
	basic, ok := t.(*types.Basic)
	return ok && basic.Kind() == types.UntypedNil
}

// negated gives the test for equality, or its opposite.
func negated(o token.Token, equal func(*frame) bool) func(*frame) bool {
	if o == token.EQL {
		return equal
	}
	return func(fr *frame) bool { return !equal(fr) }
}

func equality[T comparable](o token.Token, x, y reg) func(*frame) bool {
	if o == token.EQL {
		return func(fr *frame) bool { return *at[T](fr, x) == *at[T](fr, y) }
	}
	return func(fr *frame) bool { return *at[T](fr, x) != *at[T](fr, y) }
}

func order[T cmp.Ordered](o token.Token, x, y reg) func(*frame) bool {
	switch o {
	case token.LSS:
		return func(fr *frame) bool { return *at[T](fr, x) < *at[T](fr, y) }
	case token.LEQ:
		return func(fr *frame) bool { return *at[T](fr, x) <= *at[T](fr, y) }
	case token.GTR:
		return func(fr *frame) bool { return *at[T](fr, x) > *at[T](fr, y) }
	case token.GEQ:
		return func(fr *frame) bool { return *at[T](fr, x) >= *at[T](fr, y) }
	case token.EQL, token.NEQ:
		return equality[T](o, x, y)
	}
	panic(fmt.Sprintf("comparison %s", o))
}
