package display

import (
	"html"
	"strings"
)

// Stack shows several values as one, below each other: in one display, which can be redrawn. Of the values' representations
// it keeps HTML and text.
func Stack(values ...any) Data {
	var page, text strings.Builder
	for i, v := range values {
		b := Render(v)
		plain := asString(b.Data[MIMETypeText])
		if i > 0 {
			text.WriteByte('\n')
		}
		text.WriteString(plain)
		if markup, ok := b.Data[MIMETypeHTML]; ok {
			page.WriteString("<div>" + asString(markup) + "</div>")
		} else {
			page.WriteString("<pre>" + html.EscapeString(plain) + "</pre>")
		}
	}
	return Data{Data: MIMEMap{MIMETypeHTML: page.String(), MIMETypeText: text.String()}}
}
