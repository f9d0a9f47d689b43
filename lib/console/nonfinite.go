package console

import (
	"cmp"
	"encoding"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
)

// maxDepth is deeper than any sensible value: what goes further refers to itself.
const maxDepth = 1000

var errCycle = errors.New("the value refers to itself, or is more than 1000 levels deep")

// appendValue appends v as encoding/json would write it, but for floats that JSON cannot hold. It takes the containers
// apart and leaves all else to encoding/json.
func appendValue(b []byte, v reflect.Value, depth int) ([]byte, error) {
	if depth > maxDepth {
		return nil, errCycle
	}
	if !v.IsValid() {
		return append(b, "null"...), nil
	}
	if m, ok := marshaler(v); ok {
		return appendPlain(b, m)
	}
	switch v.Kind() {
	case reflect.Float32, reflect.Float64:
		return appendFloat(b, v)
	case reflect.Pointer, reflect.Interface:
		return appendValue(b, v.Elem(), depth+1) // the Elem of nil is not valid: null
	case reflect.Struct:
		return appendStruct(b, v, depth)
	case reflect.Map:
		if !v.IsNil() {
			return appendMap(b, v, depth)
		}
	case reflect.Slice:
		if !v.IsNil() && v.Type().Elem().Kind() != reflect.Uint8 {
			return appendList(b, v, depth)
		}
	case reflect.Array:
		return appendList(b, v, depth)
	}
	return appendPlain(b, v.Interface())
}

// marshaler returns what writes itself: v, or its address where the method is the pointer's.
func marshaler(v reflect.Value) (any, bool) {
	if v.Kind() != reflect.Pointer && v.Kind() != reflect.Interface && v.CanAddr() {
		v = v.Addr()
	}
	if (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && v.IsNil() || !v.CanInterface() {
		return nil, false
	}
	switch m := v.Interface().(type) {
	case json.Marshaler, encoding.TextMarshaler:
		return m, true
	}
	return nil, false
}

func appendPlain(b []byte, v any) ([]byte, error) {
	text, err := marshal(v)
	return append(b, text...), err
}

func appendFloat(b []byte, v reflect.Value) ([]byte, error) {
	switch f := v.Float(); {
	case math.IsNaN(f):
		return append(b, `"NaN"`...), nil
	case math.IsInf(f, 1):
		return append(b, `"Infinity"`...), nil
	case math.IsInf(f, -1):
		return append(b, `"-Infinity"`...), nil
	}
	return appendPlain(b, v.Interface())
}

func appendList(b []byte, v reflect.Value, depth int) ([]byte, error) {
	var err error
	b = append(b, '[')
	for i := range v.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendValue(b, v.Index(i), depth+1); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func appendMap(b []byte, v reflect.Value, depth int) ([]byte, error) {
	type member struct {
		key   string // escaped, without its quotation marks
		value reflect.Value
	}
	var members []member
	for key, value := range v.Seq2() {
		// A map of this key alone lets encoding/json turn the key into a string, whatever its type.
		alone := reflect.MakeMapWithSize(reflect.MapOf(v.Type().Key(), reflect.TypeFor[struct{}]()), 1)
		alone.SetMapIndex(key, reflect.ValueOf(struct{}{}))
		text, err := marshal(alone.Interface())
		if err != nil {
			return nil, err
		}
		quoted := text[len("{") : len(text)-len(":{}}")]
		members = append(members, member{string(quoted[1 : len(quoted)-1]), value})
	}
	slices.SortFunc(members, func(x, y member) int { return cmp.Compare(x.key, y.key) })

	var err error
	b = append(b, '{')
	for i, m := range members {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), m.key...), `":`...)
		if b, err = appendValue(b, m.value, depth+1); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

func appendStruct(b []byte, v reflect.Value, depth int) ([]byte, error) {
	b = append(b, '{')
	first := true
	for _, f := range fields(v.Type()) {
		value, err := v.FieldByIndexErr(f.index)
		if err != nil || f.omits(value) { // the error says that an embedded pointer is nil
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		if b, err = appendPlain(b, f.name); err != nil {
			return nil, err
		}
		if b, err = f.appendValue(append(b, ':'), value, depth+1); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

// A field is a struct's field as encoding/json sees it.
type field struct {
	index                         []int
	name                          string
	omitEmpty, omitZero, asString bool
}

// fields returns those that encoding/json writes, in its order: exported, not tagged "-", those of embedded structs
// among the struct's own. It does not know the rules for two fields with one name in their tags, which go vet reports.
func fields(t reflect.Type) []field {
	var out []field
	var closed [][]int // embedded structs that are one member by a name in their tag, or none at all
	for _, f := range reflect.VisibleFields(t) {
		inClosed := slices.ContainsFunc(closed, func(index []int) bool {
			return len(index) < len(f.Index) && slices.Equal(index, f.Index[:len(index)])
		})
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && (name != "" || f.Tag.Get("json") == "-") {
			closed = append(closed, f.Index)
		}
		embedded := f.Anonymous && structOf(f.Type)
		if inClosed || embedded && name == "" || !embedded && !f.IsExported() || f.Tag.Get("json") == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		chosen := strings.Split(options, ",")
		out = append(out, field{
			index:     f.Index,
			name:      name,
			omitEmpty: slices.Contains(chosen, "omitempty"),
			omitZero:  slices.Contains(chosen, "omitzero"),
			asString:  slices.Contains(chosen, "string"),
		})
	}
	return out
}

func structOf(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct
}

func (f field) omits(v reflect.Value) bool {
	if f.omitZero {
		if z, ok := v.Interface().(interface{ IsZero() bool }); ok && !(v.Kind() == reflect.Pointer && v.IsNil()) {
			return z.IsZero()
		}
		if v.IsZero() {
			return true
		}
	}
	if !f.omitEmpty {
		return false
	}
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// appendValue writes numbers and truth values in quotation marks where the tag asks for it.
func (f field) appendValue(b []byte, v reflect.Value, depth int) ([]byte, error) {
	text, err := appendValue(nil, v, depth)
	if err != nil {
		return nil, err
	}
	switch v.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8,
		reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr, reflect.Float32, reflect.Float64:
		if f.asString && text[0] != '"' {
			return append(append(append(b, '"'), text...), '"'), nil
		}
	}
	return append(b, text...), nil
}
