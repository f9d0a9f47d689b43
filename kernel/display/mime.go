package display

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// The MIME types that notebooks draw.
const (
	MIMETypeHTML       = "text/html"
	MIMETypeJavaScript = "application/javascript"
	MIMETypeJPEG       = "image/jpeg"
	MIMETypeJSON       = "application/json"
	MIMETypeLatex      = "text/latex"
	MIMETypeMarkdown   = "text/markdown"
	MIMETypePNG        = "image/png"
	MIMETypePDF        = "application/pdf"
	MIMETypeSVG        = "image/svg+xml"
	MIMETypeText       = "text/plain"
)

// MIMEMap maps MIME types to representations of one value: a string, bytes, or what encodes as JSON.
type MIMEMap = map[string]any

// Data is a value in several representations, as cells and libraries make it. The metadata are by MIME type too, such as
// the width and height of an image; of the transient data, display_id is heeded. It is an alias, so that a library can
// return one without this package.
type Data = struct {
	Data      MIMEMap
	Metadata  MIMEMap
	Transient MIMEMap
}

// Bundle is a value as it is sent and saved: for each MIME type a string (base64 where the type is binary), or what
// encodes as JSON where the type is JSON. It always has text/plain. Neither map is nil.
type Bundle struct {
	Data     map[string]any
	Metadata map[string]any
}

// bundle makes data fit to be sent; text stands for what has no text/plain of its own.
func bundle(data Data, text func() string) Bundle {
	b := Bundle{Data: map[string]any{}, Metadata: map[string]any{}}
	for mime, value := range data.Data {
		encoded, err := encode(mime, value)
		if err != nil {
			return renderError(fmt.Errorf("display: the %s cannot be sent: %w", mime, err))
		}
		if encoded != nil {
			b.Data[mime] = encoded
		}
	}
	if plain, ok := b.Data[MIMETypeText].(string); !ok || plain == "" {
		b.Data[MIMETypeText] = text()
	}
	for key, value := range data.Metadata {
		if _, err := json.Marshal(value); err != nil {
			return renderError(fmt.Errorf("display: the metadata %s cannot be sent: %w", key, err))
		}
		b.Metadata[key] = value
	}
	return b
}

// encode gives a representation the form that the protocol wants. It is nil where there is none.
func encode(mime string, value any) (any, error) {
	if value == nil {
		return nil, nil
	}
	switch {
	case isJSON(mime):
		if raw, ok := value.([]byte); ok {
			value = json.RawMessage(raw)
		}
		_, err := json.Marshal(value)
		return value, err
	case isText(mime):
		return asString(value), nil
	}
	if v := reflect.ValueOf(value); v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		return base64.StdEncoding.EncodeToString(v.Bytes()), nil
	}
	_, err := json.Marshal(value)
	return value, err
}

func isJSON(mime string) bool { return mime == MIMETypeJSON || strings.HasSuffix(mime, "+json") }

func isText(mime string) bool {
	return strings.HasPrefix(mime, "text/") || mime == MIMETypeSVG || mime == MIMETypeJavaScript
}

// asString takes strings and bytes of any type as they are: html/template has its own.
func asString(value any) string {
	v := reflect.ValueOf(value)
	switch {
	case v.Kind() == reflect.String:
		return v.String()
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		return string(v.Bytes())
	}
	return Text(value)
}
