package display

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Render draws any value: by its own methods, as image, plot, table or error if it is one, and as text in any case. It
// never fails: what goes wrong is drawn in place of the value. The value must not be changed meanwhile.
func Render(v any) Bundle {
	data := dataOf(v)
	return bundle(data, func() string { return standIn(v, data.Data) })
}

// standIn is the text for what has none: its own String if it has one, else the source of what is shown, if that can be read.
func standIn(v any, data MIMEMap) string {
	if v == nil || hasText(reflect.TypeOf(v)) {
		return Text(v)
	}
	sources := []string{MIMETypeMarkdown, MIMETypeLatex, MIMETypeJSON}
	_, isData := v.(Data)
	_, isBundle := v.(Bundle)
	if isData || isBundle {
		sources = append(sources, MIMETypeHTML)
		sources = append(sources, slices.Sorted(maps.Keys(data))...)
	}
	for _, mime := range sources {
		if source := data[mime]; source != nil {
			return cut(plain(mime, source), maxText)
		}
	}
	return Text(v)
}

// Results draws the values of a cell's last expression. It shows nothing (ok is false) if all are nil, as the error of a
// call that went well is; a single one beside nils, nil pointers among them, as [Render] does; several in one line of text.
func Results(values []any) (b Bundle, ok bool) {
	shown := slices.DeleteFunc(slices.Clone(values), func(v any) bool { return v == nil || len(values) > 1 && isNil(v) })
	switch len(shown) {
	case 0:
		return Bundle{}, false
	case 1:
		return Render(shown[0]), true
	}
	texts := make([]string, len(shown))
	for i, v := range shown {
		texts[i] = Text(v)
	}
	return Render(strings.Join(texts, " ")), true
}

// dataOf returns what there is to show of a value; it need not hold a text. A method that panics is shown as an error.
func dataOf(v any) (data Data) {
	if isNil(v) {
		return Data{}
	}
	defer func() {
		if r := recover(); r != nil {
			data = errorData(fmt.Errorf("display: showing %T panicked: %v", v, r))
		}
	}()
	if showsItself(v) {
		return ownData(v)
	}
	return knownData(v)
}

func isNil(v any) bool {
	r := reflect.ValueOf(v)
	return !r.IsValid() || r.Kind() == reflect.Pointer && r.IsNil()
}

// knownData draws what this package knows how to.
func knownData(v any) Data {
	switch known := v.(type) {
	case error:
		return errorData(known)
	case drawable:
		return plotData(known)
	case json.RawMessage:
		return MakeData(MIMETypeJSON, known)
	}
	g, ok := tabulate(reflect.ValueOf(v))
	if !ok {
		return Data{}
	}
	data := g.data()
	if isRecord(v) {
		data.Data[MIMETypeText] = Text(v) // as fmt prints it
	} else if !hasFields(v) && g.hidden == 0 {
		if line := Text(v); len(line) <= shortLine {
			data.Data[MIMETypeText] = line
		}
	}
	return data
}

func isRecord(v any) bool {
	_, isMatrix := v.(matrix)
	return !isMatrix && reflect.Indirect(reflect.ValueOf(v)).Kind() == reflect.Struct
}

// shortLine is how long Go's own text for a map or a list of lists may be to be preferred on a console.
const shortLine = 80

// hasFields says whether a value's columns have names that Go's own text would not show.
func hasFields(v any) bool {
	elem := reflect.TypeOf(v)
	for elem.Kind() == reflect.Pointer || elem.Kind() == reflect.Slice || elem.Kind() == reflect.Array || elem.Kind() == reflect.Map {
		elem = elem.Elem()
	}
	return elem.Kind() == reflect.Struct
}

func renderError(err error) Bundle {
	return bundle(errorData(err), func() string { return Text(err) })
}

// errorData is an error in red.
func errorData(err error) Data {
	text := Text(err)
	return Data{Data: MIMEMap{
		MIMETypeText: text,
		MIMETypeHTML: `<pre style="` + red + `; white-space: pre-wrap; font-family: var(--jp-code-font-family, monospace)">` + html.EscapeString(text) + "</pre>",
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
