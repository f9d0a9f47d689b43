package exec

import (
	"fmt"
	"go/token"
	"reflect"

	"golang.org/x/tools/go/ssa"
)

type integer interface {
	int | int8 | int16 | int32 | int64 | uint | uint8 | uint16 | uint32 | uint64 | uintptr
}

type float interface{ float32 | float64 }

type complexNumber interface{ complex64 | complex128 }

// binary compiles an operator on two registers.
func (c *compiler) binary(instr *ssa.BinOp) {
	d, x, y := c.reg(instr), c.reg(instr.X), c.reg(instr.Y)
	switch {
	case isComparison(instr.Op):
		test := c.comparison(instr)
		c.emit(func(fr *frame) { *at[bool](fr, d) = test(fr) })
	case instr.Op == token.SHL || instr.Op == token.SHR:
		c.emit(shift(instr.Op, c.typeOf(instr).Kind(), c.typeOf(instr.Y).Kind(), d, x, y))
	default:
		c.emit(arithmetic(instr.Op, c.typeOf(instr).Kind(), d, x, y))
	}
}

func arithmetic(o token.Token, kind reflect.Kind, d, x, y reg) op {
	switch kind {
	case reflect.Int:
		return integerOp[int](o, d, x, y)
	case reflect.Int8:
		return integerOp[int8](o, d, x, y)
	case reflect.Int16:
		return integerOp[int16](o, d, x, y)
	case reflect.Int32:
		return integerOp[int32](o, d, x, y)
	case reflect.Int64:
		return integerOp[int64](o, d, x, y)
	case reflect.Uint:
		return integerOp[uint](o, d, x, y)
	case reflect.Uint8:
		return integerOp[uint8](o, d, x, y)
	case reflect.Uint16:
		return integerOp[uint16](o, d, x, y)
	case reflect.Uint32:
		return integerOp[uint32](o, d, x, y)
	case reflect.Uint64:
		return integerOp[uint64](o, d, x, y)
	case reflect.Uintptr:
		return integerOp[uintptr](o, d, x, y)
	case reflect.Float32:
		return fieldOp[float32](o, d, x, y)
	case reflect.Float64:
		return fieldOp[float64](o, d, x, y)
	case reflect.Complex64:
		return fieldOp[complex64](o, d, x, y)
	case reflect.Complex128:
		return fieldOp[complex128](o, d, x, y)
	case reflect.String:
		return func(fr *frame) { *at[string](fr, d) = *at[string](fr, x) + *at[string](fr, y) }
	}
	panic(fmt.Sprintf("operator %s on %s", o, kind))
}

func integerOp[T integer](o token.Token, d, x, y reg) op {
	switch o {
	case token.ADD:
		return func(fr *frame) { *at[T](fr, d) = *at[T](fr, x) + *at[T](fr, y) }
	case token.SUB:
		return func(fr *frame) { *at[T](fr, d) = *at[T](fr, x) - *at[T](fr, y) }
	case token.MUL:
		return func(fr *frame) { *at[T](fr, d) = *at[T](fr, x) * *at[T](fr, y) }
	case token.QUO:
		return func(fr *frame) { *at[T](fr, d) = *at[T](fr, x) / *at[T](fr, y) }
	case token.REM:
		return func(fr *frame) { *at[T](fr, d) = *at[T](fr, x) % *at[T](fr, y) }
	case token.AND:
		return func(fr *frame) { *at[T](fr, d) = *at[T](fr, x) & *at[T](fr, y) }
	case token.OR:
		return func(fr *frame) { *at[T](fr, d) = *at[T](fr, x) | *at[T](fr, y) }
	case token.XOR:
		return func(fr *frame) { *at[T](fr, d) = *at[T](fr, x) ^ *at[T](fr, y) }
	case token.AND_NOT:
		return func(fr *frame) { *at[T](fr, d) = *at[T](fr, x) &^ *at[T](fr, y) }
	}
	panic(fmt.Sprintf("operator %s on integers", o))
}

// fieldOp are the operators of numbers that may be divided: Go rounds each result, so the products are not fused.
func fieldOp[T float | complexNumber](o token.Token, d, x, y reg) op {
	switch o {
	case token.ADD:
		return func(fr *frame) { *at[T](fr, d) = *at[T](fr, x) + *at[T](fr, y) }
	case token.SUB:
		return func(fr *frame) { *at[T](fr, d) = *at[T](fr, x) - *at[T](fr, y) }
	case token.MUL:
		return func(fr *frame) { *at[T](fr, d) = *at[T](fr, x) * *at[T](fr, y) }
	case token.QUO:
		return func(fr *frame) { *at[T](fr, d) = *at[T](fr, x) / *at[T](fr, y) }
	}
	panic(fmt.Sprintf("operator %s on numbers", o))
}

func shift(o token.Token, kind, by reflect.Kind, d, x, y reg) op {
	count := shiftCount(by, y)
	switch kind {
	case reflect.Int:
		return shiftOp[int](o, d, x, count)
	case reflect.Int8:
		return shiftOp[int8](o, d, x, count)
	case reflect.Int16:
		return shiftOp[int16](o, d, x, count)
	case reflect.Int32:
		return shiftOp[int32](o, d, x, count)
	case reflect.Int64:
		return shiftOp[int64](o, d, x, count)
	case reflect.Uint:
		return shiftOp[uint](o, d, x, count)
	case reflect.Uint8:
		return shiftOp[uint8](o, d, x, count)
	case reflect.Uint16:
		return shiftOp[uint16](o, d, x, count)
	case reflect.Uint32:
		return shiftOp[uint32](o, d, x, count)
	case reflect.Uint64:
		return shiftOp[uint64](o, d, x, count)
	case reflect.Uintptr:
		return shiftOp[uintptr](o, d, x, count)
	}
	panic(fmt.Sprintf("shift of %s", kind))
}

func shiftOp[T integer](o token.Token, d, x reg, count func(*frame) uint64) op {
	if o == token.SHL {
		return func(fr *frame) { *at[T](fr, d) = *at[T](fr, x) << count(fr) }
	}
	return func(fr *frame) { *at[T](fr, d) = *at[T](fr, x) >> count(fr) }
}

// shiftCount reads a shift's count, which panics if negative.
func shiftCount(kind reflect.Kind, y reg) func(*frame) uint64 {
	switch kind {
	case reflect.Int:
		return signedCount[int](y)
	case reflect.Int8:
		return signedCount[int8](y)
	case reflect.Int16:
		return signedCount[int16](y)
	case reflect.Int32:
		return signedCount[int32](y)
	case reflect.Int64:
		return signedCount[int64](y)
	case reflect.Uint8:
		return func(fr *frame) uint64 { return uint64(*at[uint8](fr, y)) }
	case reflect.Uint16:
		return func(fr *frame) uint64 { return uint64(*at[uint16](fr, y)) }
	case reflect.Uint32:
		return func(fr *frame) uint64 { return uint64(*at[uint32](fr, y)) }
	}
	return func(fr *frame) uint64 { return *at[uint64](fr, y) }
}

func signedCount[T int | int8 | int16 | int32 | int64](y reg) func(*frame) uint64 {
	return func(fr *frame) uint64 {
		n := *at[T](fr, y)
		if n < 0 {
			panic(runtimeError("negative shift amount"))
		}
		return uint64(n)
	}
}

// unary compiles an operator on one register: !, -, ^, and the loads * and <-.
func (c *compiler) unary(instr *ssa.UnOp) {
	d, x := c.reg(instr), reg(0)
	if instr.Op != token.MUL {
		x = c.reg(instr.X)
	}
	switch instr.Op {
	case token.MUL:
		c.load(instr)
	case token.ARROW:
		c.receive(instr)
	case token.NOT:
		c.emit(func(fr *frame) { *at[bool](fr, d) = !*at[bool](fr, x) })
	case token.SUB, token.XOR:
		c.emit(negate(instr.Op, c.typeOf(instr).Kind(), d, x))
	default:
		panic(fmt.Sprintf("operator %s", instr.Op))
	}
}

func negate(o token.Token, kind reflect.Kind, d, x reg) op {
	switch kind {
	case reflect.Int:
		return negateOp[int](o, d, x)
	case reflect.Int8:
		return negateOp[int8](o, d, x)
	case reflect.Int16:
		return negateOp[int16](o, d, x)
	case reflect.Int32:
		return negateOp[int32](o, d, x)
	case reflect.Int64:
		return negateOp[int64](o, d, x)
	case reflect.Uint:
		return negateOp[uint](o, d, x)
	case reflect.Uint8:
		return negateOp[uint8](o, d, x)
	case reflect.Uint16:
		return negateOp[uint16](o, d, x)
	case reflect.Uint32:
		return negateOp[uint32](o, d, x)
	case reflect.Uint64:
		return negateOp[uint64](o, d, x)
	case reflect.Uintptr:
		return negateOp[uintptr](o, d, x)
	case reflect.Float32:
		return func(fr *frame) { *at[float32](fr, d) = -*at[float32](fr, x) }
	case reflect.Float64:
		return func(fr *frame) { *at[float64](fr, d) = -*at[float64](fr, x) }
	case reflect.Complex64:
		return func(fr *frame) { *at[complex64](fr, d) = -*at[complex64](fr, x) }
	case reflect.Complex128:
		return func(fr *frame) { *at[complex128](fr, d) = -*at[complex128](fr, x) }
	}
	panic(fmt.Sprintf("operator %s on %s", o, kind))
}

func negateOp[T integer](o token.Token, d, x reg) op {
	if o == token.XOR {
		return func(fr *frame) { *at[T](fr, d) = ^*at[T](fr, x) }
	}
	return func(fr *frame) { *at[T](fr, d) = -*at[T](fr, x) }
}
