package display

import (
	"html"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Render draws any value: by its own methods, as image, plot, table or error if it is one, and as text in any case. It
// never fails: what goes wrong is drawn in place of the value. The value must not be changed meanwhile.
func Render(v any) Bundle {
	return bundle(dataOf(v), func() string { return Text(v) })
}

// Results draws the values of a cell's last expression. It shows nothing (ok is false) if all are nil, as the error of a
// call that went well; a single one beside nils as [Render] does; several in one line of text.
func Results(values []any) (b Bundle, ok bool) {
	values = slices.DeleteFunc(slices.Clone(values), func(v any) bool { return v == nil })
	switch len(values) {
	case 0:
		return Bundle{}, false
	case 1:
		return Render(values[0]), true
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = Text(v)
	}
	return Render(strings.Join(texts, " ")), true
}

// dataOf returns what there is to show of a value beside its text.
func dataOf(v any) Data {
	if r := reflect.ValueOf(v); !r.IsValid() || r.Kind() == reflect.Pointer && r.IsNil() {
		return Data{Data: MIMEMap{}}
	}
	if showsItself(v) {
		data, err := ownData(v)
		if err != nil {
			return errorData(err)
		}
		return data
	}
	if err, ok := v.(error); ok {
		return errorData(err)
	}
	return Data{Data: MIMEMap{}}
}

func renderError(err error) Bundle {
	return bundle(errorData(err), func() string { return Text(err) })
}

// errorData is an error in red.
func errorData(err error) Data {
	text := Text(err)
	return Data{Data: MIMEMap{
		MIMETypeText: text,
		MIMETypeHTML: `<pre style="color: var(--jp-error-color1, #d32f2f); white-space: pre-wrap">` + html.EscapeString(text) + "</pre>",
	}}
}

// thousands writes a count with commas: 1,234.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
