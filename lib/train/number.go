package train

import (
	"encoding/json"
	"math"
	"strconv"
)

// number is a float64 whose JSON has "NaN", "Infinity" and "-Infinity" for what JSON has no numbers for.
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	switch v := float64(n); {
	case math.IsNaN(v):
		return []byte(`"NaN"`), nil
	case math.IsInf(v, 0):
		return []byte(map[bool]string{true: `"Infinity"`, false: `"-Infinity"`}[v > 0]), nil
	default:
		return json.Marshal(v)
	}
}

func (n *number) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		return json.Unmarshal(data, (*float64)(n))
	}
	v, err := strconv.ParseFloat(text, 64)
	*n = number(v)
	return err
}
