package exec

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// print compiles the built-ins print and println, which write to the task's stderr.
func (c *compiler) print(line bool, args []ssa.Value) {
	places := make([]place, len(args))
	for i, a := range args {
		places[i] = c.place(a)
	}
	c.emit(func(fr *frame) {
		var b strings.Builder
		for i, p := range places {
			if line && i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(printed(valueAt(p.typ, fr.at(p.reg))))
		}
		if line {
			b.WriteByte('\n')
		}
		fr.g.task.Flush()
		_, _ = fmt.Fprint(fr.g.task.stderr, b.String())
	})
}

// printed words a value as the runtime's print does.
func printed(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.FormatUint(v.Uint(), 10)
	case reflect.Float32:
		return printedFloat(v.Float(), 32)
	case reflect.Float64:
		return printedFloat(v.Float(), 64)
	case reflect.Complex64, reflect.Complex128:
		bits := v.Type().Bits() / 2
		z := v.Complex()
		im := printedFloat(imag(z), bits)
		if im[0] != '-' && im[0] != '+' {
			im = "+" + im
		}
		return "(" + printedFloat(real(z), bits) + im + "i)"
	case reflect.String:
		return v.String()
	case reflect.Slice:
		return fmt.Sprintf("[%d/%d]%#x", v.Len(), v.Cap(), v.Pointer())
	case reflect.Interface:
		if v.IsNil() {
			return "(0x0,0x0)"
		}
		header := *(*interfaceHeader)(v.Addr().UnsafePointer())
		return fmt.Sprintf("(%#x,%#x)", uintptr(header.tab), uintptr(header.data))
	}
	return fmt.Sprintf("%#x", v.Pointer())
}

func printedFloat(f float64, bits int) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "+Inf"
	case math.IsInf(f, -1):
		return "-Inf"
	}
	return strconv.FormatFloat(f, 'g', -1, bits)
}
