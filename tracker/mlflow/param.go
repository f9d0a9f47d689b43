package mlflow

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// paramText is the text by which MLflow's clients know a parameter: the one that Python gives a value of this type.
func paramText(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case bool:
		if v {
			return "True"
		}
		return "False"
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return pythonFloat(v)
	case nil:
		return "None"
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}

// pythonFloat writes a number as Python's repr does.
func pythonFloat(v float64) string {
	switch {
	case math.IsNaN(v):
		return "nan"
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	}
	scientific := strconv.FormatFloat(v, 'e', -1, 64)
	exponent, err := strconv.Atoi(scientific[strings.IndexByte(scientific, 'e')+1:])
	if err != nil || exponent < -4 || exponent >= 16 {
		return scientific
	}
	plain := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(plain, ".") {
		plain += ".0"
	}
	return plain
}

// paramValue gives a parameter the type that its text shows, if that has the same text again.
func paramValue(text string) any {
	var value any
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		value = n
	} else if f, err := strconv.ParseFloat(text, 64); err == nil {
		value = f
	} else if text == "True" || text == "False" {
		value = text == "True"
	}
	if value != nil && paramText(value) == text {
		return value
	}
	return text
}
