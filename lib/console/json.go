package console

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
)

// JSON writes v as one line of JSON. It does what encoding/json does, tags and Marshalers included, with two
// exceptions: NaN and infinities, which encoding/json refuses, become the strings "NaN", "Infinity" and "-Infinity",
// wherever they are in v, and <, > and & are written as they are. What is inside a Marshaler is its own affair.
//
// The line goes to w in one call of Write, so that goroutines that share a file do not mix their lines.
func JSON(w io.Writer, v any) error {
	line, err := marshal(v)
	var nonfinite *json.UnsupportedValueError
	if errors.As(err, &nonfinite) {
		line, err = appendValue(nil, reflect.ValueOf(v), 0)
	}
	if err != nil {
		return fmt.Errorf("write %T as JSON: %w", v, err)
	}
	_, err = w.Write(append(line, '\n'))
	return err
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
