package display

import "strings"

// Table is rows of texts under a header.
type Table struct {
	Caption string
	Header  []string
	Rows    [][]string
}

// Render implements [Renderer].
func (t Table) Render() Data {
	var text strings.Builder
	for _, row := range append([][]string{t.Header}, t.Rows...) {
		text.WriteString(strings.Join(row, "\t") + "\n")
	}
	return Data{Data: MIMEMap{MIMETypeText: text.String()}}
}
