package corpus

import (
	"encoding/json"
	"reflect"
	"strings"
)

// text is a JSON field that sources write as one string or as a list of them. It knows whether its key was there,
// so that a record without the key can be told from one whose value is null.
type text struct {
	items   []string
	present bool
}

func (t *text) UnmarshalJSON(data []byte) error {
	t.present = true
	switch data[0] {
	case 'n':
		return nil
	case '[':
		return json.Unmarshal(data, &t.items)
	case '"':
		t.items = make([]string, 1)
		return json.Unmarshal(data, &t.items[0])
	}
	return &json.UnmarshalTypeError{Value: kindOf(data[0]), Type: reflect.TypeFor[string]()}
}

// identifier is a JSON field that sources write as text or as a number.
type identifier string

func (i *identifier) UnmarshalJSON(data []byte) error {
	if c := data[0]; c == '-' || '0' <= c && c <= '9' {
		*i = identifier(data)
		return nil
	}
	return json.Unmarshal(data, (*string)(i))
}

// kindOf names the JSON value that begins with c.
func kindOf(c byte) string {
	switch c {
	case '{':
		return "object"
	case 't', 'f':
		return "bool"
	}
	return "number"
}

func (t text) join(separator string) string { return strings.Join(t.items, separator) }

// lines returns the list, cutting a single string at its line breaks.
func (t text) lines() []string {
	if len(t.items) == 1 {
		return strings.Split(t.items[0], "\n")
	}
	return t.items
}
