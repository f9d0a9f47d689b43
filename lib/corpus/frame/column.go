package frame

import (
	"math"
	"strconv"
)

// column is a name and its cells: nil, bool, int64, float64, string or nested.
type column struct {
	name  string
	cells []any
}

// nested is a list or an object as compact JSON text.
type nested string

// kind names the type of a column's cells: null (all of them), bool, int64, float64 (integers among them or not),
// string, json, or mixed.
func (c column) kind() string {
	kind := "null"
	for _, cell := range c.cells {
		switch k := cellKind(cell); {
		case k == "null" || k == kind:
		case kind == "null":
			kind = k
		case k == "int64" && kind == "float64" || k == "float64" && kind == "int64":
			kind = "float64"
		default:
			return "mixed"
		}
	}
	return kind
}

func cellKind(cell any) string {
	switch cell.(type) {
	case nil:
		return "null"
	case bool:
		return "bool"
	case int64:
		return "int64"
	case float64:
		return "float64"
	case nested:
		return "json"
	}
	return "string"
}

func (c column) isNumeric() bool {
	kind := c.kind()
	return kind == "int64" || kind == "float64"
}

// text returns a cell as text, null as "null".
func text(cell any) string {
	switch v := cell.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case nested:
		return string(v)
	}
	return cell.(string)
}

// asFloat returns the number in a cell, NaN for null.
func asFloat(cell any) (number float64, ok bool) {
	switch v := cell.(type) {
	case nil:
		return math.NaN(), true
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}
