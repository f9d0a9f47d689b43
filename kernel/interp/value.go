package interp

import (
	"cmp"
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Names are the names that cells declared and imported, sorted. Values are those of variables while no cell runs.
func (in *Interp) Names() []Name {
	in.names.mu.RLock()
	live := make([]binding, 0, len(in.names.live))
	var out []Name
	for name, b := range in.names.live {
		out = append(out, Name{Name: name, Kind: kindOf(b.object), Type: typeText(b.object)})
		live = append(live, b)
	}
	in.names.mu.RUnlock()
	for i, b := range live {
		if v, ok := b.object.(*types.Var); ok {
			out[i].Value = in.valueOf(v)
		}
	}
	slices.SortFunc(out, func(a, b Name) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// valueOf sums up a variable's value; it is empty while a cell runs, which may be writing it.
func (in *Interp) valueOf(v *types.Var) string {
	if _, ok := v.Type().(*types.Signature); ok || !in.running.TryLock() {
		return ""
	}
	defer in.running.Unlock()
	value, ok := in.machine.Variable(v)
	if !ok {
		return ""
	}
	return summary(value, 2)
}

// How much of a value a summary shows.
const (
	summaryRunes    = 60
	summaryElements = 6
)

// summary prints a value shortly. It calls no methods and reads no maps, since goroutines may be at work on them.
func summary(v reflect.Value, depth int) string {
	switch v.Kind() {
	case reflect.String:
		text := []rune(v.String()[:min(v.Len(), 4*summaryRunes)])
		if len(text) <= summaryRunes && v.Len() <= 4*summaryRunes {
			return strconv.Quote(string(text))
		}
		return fmt.Sprintf("%q… (%d bytes)", string(text[:min(len(text), summaryRunes)]), v.Len())
	case reflect.Slice, reflect.Array:
		return elements(v, depth)
	case reflect.Map:
		return fmt.Sprintf("%d keys", v.Len())
	case reflect.Struct:
		return fields(v, depth)
	case reflect.Pointer:
		if v.IsNil() || depth == 0 {
			return nilOr(v, "&…")
		}
		return "&" + summary(v.Elem(), depth-1)
	case reflect.Interface:
		if v.IsNil() {
			return "nil"
		}
		return summary(v.Elem(), depth)
	case reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return nilOr(v, v.Kind().String())
	}
	return fmt.Sprint(plain(v))
}

// plain is a boolean's or number's value without the methods of its type.
func plain(v reflect.Value) any {
	switch {
	case v.Kind() == reflect.Bool:
		return v.Bool()
	case v.CanInt():
		return v.Int()
	case v.CanUint():
		return v.Uint()
	case v.CanFloat():
		return v.Float()
	case v.CanComplex():
		return v.Complex()
	}
	return ""
}

func nilOr(v reflect.Value, text string) string {
	if v.IsNil() {
		return "nil"
	}
	return text
}

func elements(v reflect.Value, depth int) string {
	if depth == 0 && v.Len() > 0 {
		return fmt.Sprintf("[%d]", v.Len())
	}
	var parts []string
	for i := range min(v.Len(), summaryElements) {
		parts = append(parts, summary(v.Index(i), depth-1))
	}
	if v.Len() > summaryElements {
		parts = append(parts, fmt.Sprintf("… %d in all", v.Len()))
	}
	return "[" + strings.Join(parts, " ") + "]"
}

func fields(v reflect.Value, depth int) string {
	if depth == 0 {
		return "{…}"
	}
	var parts []string
	for i := range min(v.NumField(), summaryElements) {
		parts = append(parts, v.Type().Field(i).Name+":"+summary(v.Field(i), depth-1))
	}
	if v.NumField() > summaryElements {
		parts = append(parts, "…")
	}
	return "{" + strings.Join(parts, " ") + "}"
}
