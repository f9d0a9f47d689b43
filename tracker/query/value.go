package query

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/token"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// kind is what is known of a value before there is one.
type kind int

const (
	anything kind = iota // of parameters, tags and environment
	boolean
	number
	text
	moment
	duration
)

func (k kind) String() string {
	return [...]string{"anything", "true or false", "a number", "text", "a time", "a duration"}[k]
}

// holds says whether a comparison of two values is true. Nil is what a run lacks.
func holds(op token.Token, a, b any) bool {
	if a == nil || b == nil {
		return false
	}
	a, b = read(a, b), read(b, a)
	order, ordered := compare(a, b)
	switch op {
	case token.EQL:
		return ordered && order == 0 || !ordered && same(a, b)
	case token.NEQ:
		return ordered && order != 0 || !ordered && !same(a, b)
	case token.LSS:
		return ordered && order < 0
	case token.LEQ:
		return ordered && order <= 0
	case token.GTR:
		return ordered && order > 0
	default:
		return ordered && order >= 0
	}
}

// read makes of text what it is compared with, if it reads so.
func read(value, other any) any {
	written, ok := value.(string)
	if !ok {
		return value
	}
	var meant any
	var err error
	switch other.(type) {
	case float64, int64:
		if meant, err = strconv.ParseInt(written, 10, 64); err != nil {
			meant, err = strconv.ParseFloat(written, 64)
		}
	case bool:
		meant, err = strconv.ParseBool(strings.ToLower(written))
	case time.Time:
		meant, err = parseTime(written)
	case time.Duration:
		meant, err = parseAge(written)
	default:
		return value
	}
	if err != nil {
		return value
	}
	return meant
}

// compare orders two values of one type. Values of different types, lists and NaN have no order.
func compare(a, b any) (order int, ordered bool) {
	switch x := a.(type) {
	case string:
		y, ok := b.(string)
		return cmp.Compare(x, y), ok
	case time.Time:
		y, ok := b.(time.Time)
		return x.Compare(y), ok
	case time.Duration:
		y, ok := b.(time.Duration)
		return cmp.Compare(x, y), ok
	case bool:
		y, ok := b.(bool)
		return btoi(x) - btoi(y), ok
	case int64:
		if y, ok := b.(int64); ok {
			return cmp.Compare(x, y), true
		}
	}
	x, isNumber := float(a)
	y, areNumbers := float(b)
	return cmp.Compare(x, y), isNumber && areNumbers && !math.IsNaN(x) && !math.IsNaN(y)
}

// same compares lists and objects, which have no order.
func same(a, b any) bool {
	switch a.(type) {
	case []any, map[string]any:
		return reflect.DeepEqual(a, b)
	}
	return false
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// float returns a number as a float64.
func float(value any) (float64, bool) {
	switch v := value.(type) {
	case float64:
		return v, true
	case int64:
		return float64(v), true
	}
	return 0, false
}

// truth is what a value means where true or false is asked for.
func truth(value any) bool {
	switch v := value.(type) {
	case bool:
		return v
	case string:
		return strings.EqualFold(v, "true")
	}
	return false
}

// Text writes a value for keys and tables: nothing for what is missing, numbers in full, lists and objects as JSON, times
// in RFC 3339.
func Text(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case time.Time:
		return v.Format(time.RFC3339)
	case []any, map[string]any:
		// Numbers in lists came from JSON, which has no NaN.
		encoded, _ := json.Marshal(v)
		return string(encoded)
	}
	return fmt.Sprint(value)
}
