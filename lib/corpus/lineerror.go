package corpus

import (
	"encoding/json"
	"errors"
	"fmt"
)

// LineError reports one line that is no record. The stream that yields it goes on behind the line.
type LineError struct {
	File string // as given to Open or Read
	Line int    // counted from 1, blank lines included
	Err  error  // what is wrong with the line
}

// Error reads "FILE:LINE: malformed record: reason".
func (e *LineError) Error() string {
	return fmt.Sprintf("%s:%d: malformed record: %v", e.File, e.Line, e.Err)
}

// Unwrap returns the reason alone.
func (e *LineError) Unwrap() error { return e.Err }

// explain rewrites encoding/json's errors, which speak of Go types, in terms of the line.
func explain(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("byte %d: %w", syntax.Offset, err)
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		if kind.Field == "" {
			return fmt.Errorf("the line holds %s where a JSON object is expected", describe(kind.Value))
		}
		return fmt.Errorf("field %q holds %s where text is expected", kind.Field, describe(kind.Value))
	}
	return err
}

// describe puts the article before the name of a JSON kind.
func describe(kind string) string {
	if kind == "array" || kind == "object" {
		return "an " + kind
	}
	return "a " + kind
}
