package exec

import (
	"fmt"
	"reflect"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

// convert compiles a conversion that changes the representation.
func (c *compiler) convert(instr *ssa.Convert) {
	d, x := c.reg(instr), c.reg(instr.X)
	to, from := c.typeOf(instr), c.typeOf(instr.X)
	switch {
	case isNumber(to.Kind()) && isNumber(from.Kind()):
		c.emit(convertNumber(to.Kind(), from.Kind(), d, x))
	case to.Kind() == reflect.Complex64 && from.Kind() == reflect.Complex128:
		c.emit(func(fr *frame) { *at[complex64](fr, d) = complex64(*at[complex128](fr, x)) })
	case to.Kind() == reflect.Complex128 && from.Kind() == reflect.Complex64:
		c.emit(func(fr *frame) { *at[complex128](fr, d) = complex128(*at[complex64](fr, x)) })
	case shapeOf(to) == shapeOf(from) && shapeOf(to) != other:
		c.move(d, x, copierOf(to))
	case isAddress(to.Kind()) && isAddress(from.Kind()): // unsafe.Pointer and uintptr
		c.emit(func(fr *frame) { *at[unsafe.Pointer](fr, d) = *at[unsafe.Pointer](fr, x) })
	default:
		c.convertText(d, x, to, from)
	}
}

func isAddress(k reflect.Kind) bool {
	return k == reflect.UnsafePointer || k == reflect.Uintptr || k == reflect.Pointer
}

// convertText converts between strings, bytes, runes and numbers that are runes.
func (c *compiler) convertText(d, x reg, to, from reflect.Type) {
	switch {
	case to.Kind() == reflect.String && from.Kind() == reflect.Slice && from.Elem().Kind() == reflect.Uint8:
		c.emit(func(fr *frame) { *at[string](fr, d) = string(*at[[]byte](fr, x)) })
	case to.Kind() == reflect.String && from.Kind() == reflect.Slice:
		c.emit(func(fr *frame) { *at[string](fr, d) = string(*at[[]rune](fr, x)) })
	case from.Kind() == reflect.String && to.Kind() == reflect.Slice && to.Elem().Kind() == reflect.Uint8:
		c.emit(func(fr *frame) { *at[[]byte](fr, d) = []byte(*at[string](fr, x)) })
	case from.Kind() == reflect.String && to.Kind() == reflect.Slice:
		c.emit(func(fr *frame) { *at[[]rune](fr, d) = []rune(*at[string](fr, x)) })
	case from.ConvertibleTo(to):
		c.emit(func(fr *frame) { valueAt(to, fr.at(d)).Set(valueAt(from, fr.at(x)).Convert(to)) })
	default:
		panic(fmt.Sprintf("conversion of %s to %s", from, to))
	}
}

func isNumber(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Float64 }

func convertNumber(to, from reflect.Kind, d, x reg) op {
	switch from {
	case reflect.Int:
		return convertFrom[int](to, d, x)
	case reflect.Int8:
		return convertFrom[int8](to, d, x)
	case reflect.Int16:
		return convertFrom[int16](to, d, x)
	case reflect.Int32:
		return convertFrom[int32](to, d, x)
	case reflect.Int64:
		return convertFrom[int64](to, d, x)
	case reflect.Uint:
		return convertFrom[uint](to, d, x)
	case reflect.Uint8:
		return convertFrom[uint8](to, d, x)
	case reflect.Uint16:
		return convertFrom[uint16](to, d, x)
	case reflect.Uint32:
		return convertFrom[uint32](to, d, x)
	case reflect.Uint64:
		return convertFrom[uint64](to, d, x)
	case reflect.Uintptr:
		return convertFrom[uintptr](to, d, x)
	case reflect.Float32:
		return convertFrom[float32](to, d, x)
	}
	return convertFrom[float64](to, d, x)
}

func convertFrom[S integer | float](to reflect.Kind, d, x reg) op {
	switch to {
	case reflect.Int:
		return convertOp[int, S](d, x)
	case reflect.Int8:
		return convertOp[int8, S](d, x)
	case reflect.Int16:
		return convertOp[int16, S](d, x)
	case reflect.Int32:
		return convertOp[int32, S](d, x)
	case reflect.Int64:
		return convertOp[int64, S](d, x)
	case reflect.Uint:
		return convertOp[uint, S](d, x)
	case reflect.Uint8:
		return convertOp[uint8, S](d, x)
	case reflect.Uint16:
		return convertOp[uint16, S](d, x)
	case reflect.Uint32:
		return convertOp[uint32, S](d, x)
	case reflect.Uint64:
		return convertOp[uint64, S](d, x)
	case reflect.Uintptr:
		return convertOp[uintptr, S](d, x)
	case reflect.Float32:
		return convertOp[float32, S](d, x)
	}
	return convertOp[float64, S](d, x)
}

func convertOp[D, S integer | float](d, x reg) op {
	return func(fr *frame) { *at[D](fr, d) = D(*at[S](fr, x)) }
}
