package tracker

import (
	"encoding"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
)

// Params are the parameters of a run. After [NewParams] each value is a bool, an int64, a float64, a string, or what
// encoding/json makes of a list, an object or null: []any, map[string]any, nil, with every number in them a float64.
type Params map[string]any

// NewParams copies parameters into the types that stores keep. Whole numbers become int64, other numbers float64, what
// has a text form of its own (encoding.TextMarshaler, fmt.Stringer, as time.Duration) a string, and lists, maps and
// structs what their JSON says. It refuses what has no JSON form, and whole numbers beyond int64.
func NewParams(values map[string]any) (Params, error) {
	params := make(Params, len(values))
	for key, value := range values {
		key, err := CleanKey(key)
		if err != nil {
			return nil, fmt.Errorf("parameters: %w", err)
		}
		if params[key], err = normalizeParam(value); err != nil {
			return nil, fmt.Errorf("parameter %s: %w", key, err)
		}
	}
	return params, nil
}

func normalizeParam(value any) (any, error) {
	v := reflect.ValueOf(value)
	if !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, nil
	}
	switch t := value.(type) {
	case encoding.TextMarshaler:
		text, err := t.MarshalText()
		return CleanText(string(text)), err
	case fmt.Stringer:
		return CleanText(t.String()), nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		return normalizeParam(v.Elem().Interface())
	case reflect.Bool:
		return v.Bool(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int(), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if v.Uint() > math.MaxInt64 {
			return nil, fmt.Errorf("%w value %d: larger than an int64", ErrInvalid, v.Uint())
		}
		return int64(v.Uint()), nil
	case reflect.Float32:
		// The shortest decimal that means the same float32: 0.1 stays 0.1.
		return strconv.ParseFloat(strconv.FormatFloat(v.Float(), 'g', -1, 32), 64)
	case reflect.Float64:
		return v.Float(), nil
	case reflect.String:
		return CleanText(v.String()), nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("%w value: %w", ErrInvalid, err)
	}
	return DecodeParam("json", string(text))
}

// EncodeParam gives the kind (bool, int, float, string or json) and the text under which a store keeps a value of
// [Params]. [DecodeParam] turns them back into the same value.
func EncodeParam(value any) (kind, text string, err error) {
	switch v := value.(type) {
	case bool:
		return "bool", strconv.FormatBool(v), nil
	case int64:
		return "int", strconv.FormatInt(v, 10), nil
	case float64:
		return "float", strconv.FormatFloat(v, 'g', -1, 64), nil
	case string:
		return "string", v, nil
	}
	encoded, err := json.Marshal(value)
	return "json", string(encoded), err
}

// DecodeParam turns what [EncodeParam] gave back into a value.
func DecodeParam(kind, text string) (value any, err error) {
	switch kind {
	case "bool":
		value, err = strconv.ParseBool(text)
	case "int":
		value, err = strconv.ParseInt(text, 10, 64)
	case "float":
		value, err = strconv.ParseFloat(text, 64)
	case "string":
		value = text
	case "json":
		err = json.Unmarshal([]byte(text), &value)
	default:
		err = fmt.Errorf("unknown kind %q", kind)
	}
	if err != nil {
		return nil, fmt.Errorf("%w parameter: %w", ErrCorrupt, err)
	}
	return value, nil
}
