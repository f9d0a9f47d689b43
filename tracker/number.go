package tracker

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Number is a float64 whose JSON has NaN and infinities, which JSON lacks, as the strings "NaN", "Infinity" and "-Infinity".
// It is a plain value.
type Number float64

// MarshalJSON writes the number, or the string that stands for it.
func (n Number) MarshalJSON() ([]byte, error) {
	switch v := float64(n); {
	case math.IsNaN(v):
		return []byte(`"NaN"`), nil
	case math.IsInf(v, 1):
		return []byte(`"Infinity"`), nil
	case math.IsInf(v, -1):
		return []byte(`"-Infinity"`), nil
	default:
		return json.Marshal(v)
	}
}

// UnmarshalJSON reads a number, or a string that holds one, in every way that Go writes one.
func (n *Number) UnmarshalJSON(text []byte) error {
	v, err := strconv.ParseFloat(strings.Trim(string(text), `"`), 64)
	if err != nil {
		return fmt.Errorf("%.40s is no number", text)
	}
	*n = Number(v)
	return nil
}
