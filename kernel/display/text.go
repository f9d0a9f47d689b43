package display

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What is written of a large value: enough to see what it is, and no more than a page can hold.
const (
	maxElements = 200     // of a list that is written whole
	headLength  = 20      // of a longer one, and the keys of a larger map
	tailLength  = 5       //
	maxDepth    = 10      // of values in values
	maxPointers = 4       // depth to which pointers are followed
	fewBytes    = 2000    // after which no more pointers are followed: what holds many is a library's own
	maxText     = 100_000 // bytes in all
)

// Text writes any value as fmt.Print does, with these differences: long lists show their beginning and end, what is very
// long or deep is cut, a value that holds itself ends in <cycle>, pointers show what they point at, or their types where they
// are unexported fields or lead too far, functions and channels show their types, and GoString is asked where String is missing.
func Text(v any) string { return valueText(reflect.ValueOf(v), maxText) }

// valueText cuts the text after so many bytes.
func valueText(v reflect.Value, limit int) string {
	p := printer{limit: limit}
	p.print(v, 0)
	return cut(p.String(), limit)
}

// cut shortens a text to a number of bytes, at a rune, and says by how much.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	end := limit
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "… and " + thousands(utf8.RuneCountInString(s[end:])) + " more characters"
}

type printer struct {
	strings.Builder
	limit int
	above []visit // the references being written, outermost first
}

// visit is a reference that may lead back to itself. Slices of one array differ by length.
type visit struct {
	at     uintptr
	length int
	typ    reflect.Type
}

func (p *printer) print(v reflect.Value, depth int) {
	switch {
	case !v.IsValid():
		p.WriteString("<nil>")
		return
	case p.Len() > p.limit:
		return
	case depth > maxDepth:
		p.WriteString("…")
		return
	case p.ownText(v):
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		p.reference(v, depth)
	case reflect.Interface:
		p.print(v.Elem(), depth)
	case reflect.Struct:
		p.WriteByte('{')
		for i := range v.NumField() {
			p.space(i)
			p.print(v.Field(i), depth+1)
		}
		p.WriteByte('}')
	case reflect.Array:
		p.list(v, depth)
	case reflect.Func, reflect.Chan:
		if v.IsNil() {
			p.WriteString("<nil>")
		} else {
			p.WriteString(v.Type().String())
		}
	default:
		p.scalar(v)
	}
}

// ownText lets a value that has a text of its own write it. fmt takes care of methods that panic.
func (p *printer) ownText(v reflect.Value) bool {
	if !v.CanInterface() {
		return false // an unexported field, whose methods fmt does not call either
	}
	switch own := v.Interface().(type) {
	case fmt.Formatter, error, fmt.Stringer:
		p.WriteString(fmt.Sprint(own))
	case fmt.GoStringer:
		p.WriteString(fmt.Sprintf("%#v", own))
	default:
		return false
	}
	return true
}

func (p *printer) reference(v reflect.Value, depth int) {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		p.WriteString("<nil>")
		return
	}
	if v.Kind() == reflect.Pointer && p.pointsTooFar(v, depth) {
		p.WriteString("(" + v.Type().String() + ")")
		return
	}
	here := visit{at: v.Pointer(), typ: v.Type()}
	if v.Kind() == reflect.Slice {
		here.length = v.Len()
	}
	for _, above := range p.above {
		if here == above && (v.Kind() != reflect.Slice || v.Len() > 0) {
			p.WriteString("<cycle>")
			return
		}
	}
	p.above = append(p.above, here)
	defer func() { p.above = p.above[:len(p.above)-1] }()
	switch v.Kind() {
	case reflect.Pointer:
		p.WriteByte('&')
		p.print(v.Elem(), depth+1)
	case reflect.Map:
		p.entries(v, depth)
	default:
		p.list(v, depth)
	}
}

func (p *printer) pointsTooFar(v reflect.Value, depth int) bool {
	return depth > 0 && (!v.CanInterface() || depth > maxPointers || p.Len() > fewBytes)
}

func (p *printer) list(v reflect.Value, depth int) {
	p.WriteByte('[')
	n := v.Len()
	for i := 0; i < n; i++ {
		p.space(i)
		if n > maxElements && i == headLength {
			i = n - tailLength
			p.WriteString("… " + thousands(i-headLength) + " more … ")
		}
		p.print(v.Index(i), depth+1)
	}
	p.WriteByte(']')
}

func (p *printer) entries(v reflect.Value, depth int) {
	p.WriteString("map[")
	entries := sortedEntries(v)
	for i, e := range entries {
		p.space(i)
		if len(entries) > maxElements && i == headLength {
			p.WriteString("… " + thousands(len(entries)-i) + " more")
			break
		}
		p.print(e.key, depth+1)
		p.WriteByte(':')
		p.print(e.value, depth+1)
	}
	p.WriteByte(']')
}

func (p *printer) space(i int) {
	if i > 0 {
		p.WriteByte(' ')
	}
}

func (p *printer) scalar(v reflect.Value) {
	switch {
	case v.Kind() == reflect.String:
		p.WriteString(v.String())
	case v.Kind() == reflect.Bool:
		p.WriteString(strconv.FormatBool(v.Bool()))
	case v.Kind() == reflect.Float32:
		fmt.Fprint(p, float32(v.Float()))
	case v.CanFloat():
		fmt.Fprint(p, v.Float())
	case v.CanInt():
		fmt.Fprint(p, v.Int())
	case v.CanUint():
		fmt.Fprint(p, v.Uint())
	case v.Kind() == reflect.Complex64:
		fmt.Fprint(p, complex64(v.Complex()))
	case v.CanComplex():
		fmt.Fprint(p, v.Complex())
	default: // unsafe.Pointer
		fmt.Fprintf(p, "%#x", v.Pointer())
	}
}
