package jsonlines

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// number is a float64 that may be NaN or infinite: these are strings.
type number float64

func (n number) MarshalJSON() ([]byte, error) { return appendNumber(nil, float64(n)), nil }

func appendNumber(line []byte, v float64) []byte {
	switch {
	case math.IsNaN(v):
		return append(line, `"NaN"`...)
	case math.IsInf(v, 1):
		return append(line, `"Infinity"`...)
	case math.IsInf(v, -1):
		return append(line, `"-Infinity"`...)
	}
	return strconv.AppendFloat(line, v, 'g', -1, 64)
}

func (n *number) UnmarshalJSON(text []byte) error {
	parsed, err := strconv.ParseFloat(strings.Trim(string(text), `"`), 64)
	if err != nil {
		return fmt.Errorf("%.40s is no number", text)
	}
	*n = number(parsed)
	return nil
}

func numbers(values []float64) []number {
	list := make([]number, len(values))
	for i, v := range values {
		list[i] = number(v)
	}
	return list
}

func floats(values []number) []float64 {
	list := make([]float64, len(values))
	for i, v := range values {
		list[i] = float64(v)
	}
	return list
}

// value is a parameter, whose type its JSON keeps.
type value struct{ any }

type notJSON struct {
	Float number `json:"float"`
}

func (v value) MarshalJSON() ([]byte, error) {
	n, ok := v.any.(float64)
	if !ok {
		return json.Marshal(v.any)
	}
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return json.Marshal(notJSON{number(n)})
	}
	text := strconv.AppendFloat(nil, n, 'g', -1, 64)
	if !strings.ContainsAny(string(text), ".e") {
		text = append(text, ".0"...)
	}
	return text, nil
}

func (v *value) UnmarshalJSON(text []byte) (err error) {
	if n, err := strconv.ParseInt(string(text), 10, 64); err == nil {
		v.any = n
		return nil
	}
	if err := json.Unmarshal(text, &v.any); err != nil {
		return err
	}
	if object, ok := v.any.(map[string]any); ok && len(object) == 1 {
		var special notJSON
		name, isText := object["float"].(string)
		if isText && special.Float.UnmarshalJSON([]byte(name)) == nil && !isFinite(float64(special.Float)) {
			v.any = float64(special.Float)
		}
	}
	return nil
}

func isFinite(v float64) bool { return v-v == 0 }
