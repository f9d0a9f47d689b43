package exec

import (
	"cmp"
	"fmt"
	"reflect"

	"golang.org/x/tools/go/ssa"
)

// extreme compiles min and max.
func (c *compiler) extreme(least bool, d reg, t reflect.Type, args []ssa.Value) {
	regs := make([]reg, len(args))
	for i, a := range args {
		regs[i] = c.reg(a)
	}
	c.emit(extremeOf(t.Kind(), least, d, regs))
}

func extremeOf(kind reflect.Kind, least bool, d reg, regs []reg) op {
	switch kind {
	case reflect.Int:
		return extremeOp[int](least, d, regs)
	case reflect.Int8:
		return extremeOp[int8](least, d, regs)
	case reflect.Int16:
		return extremeOp[int16](least, d, regs)
	case reflect.Int32:
		return extremeOp[int32](least, d, regs)
	case reflect.Int64:
		return extremeOp[int64](least, d, regs)
	case reflect.Uint:
		return extremeOp[uint](least, d, regs)
	case reflect.Uint8:
		return extremeOp[uint8](least, d, regs)
	case reflect.Uint16:
		return extremeOp[uint16](least, d, regs)
	case reflect.Uint32:
		return extremeOp[uint32](least, d, regs)
	case reflect.Uint64:
		return extremeOp[uint64](least, d, regs)
	case reflect.Uintptr:
		return extremeOp[uintptr](least, d, regs)
	case reflect.Float32:
		return extremeOp[float32](least, d, regs)
	case reflect.Float64:
		return extremeOp[float64](least, d, regs)
	case reflect.String:
		return extremeOp[string](least, d, regs)
	}
	panic(fmt.Sprintf("min or max of %s", kind))
}

func extremeOp[T cmp.Ordered](least bool, d reg, regs []reg) op {
	return func(fr *frame) {
		found := *at[T](fr, regs[0])
		for _, r := range regs[1:] {
			if least {
				found = min(found, *at[T](fr, r))
			} else {
				found = max(found, *at[T](fr, r))
			}
		}
		*at[T](fr, d) = found
	}
}
