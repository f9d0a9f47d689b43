package display

import (
	"fmt"
	"html"
	"strings"
)

// cellWidth is how many runes of a cell are shown; the tooltip has the rest.
const cellWidth = 60

const (
	left  = "text-align: left"
	right = "text-align: right"
	// muted is a text color that both light and dark themes make paler than the text.
	muted = "color: var(--jp-ui-font-color2, var(--vscode-descriptionForeground, inherit))"
	// red is legible on white and on black.
	red = "color: var(--jp-error-color1, var(--vscode-errorForeground, #e53935))"
)

// html writes the table with styles in its elements: front ends drop style sheets from what they do not trust.
func (g grid) html() string {
	var b strings.Builder
	b.WriteString(`<div style="overflow-x: auto"><table cellpadding="4" style="margin: 0 0 0.5em; font-variant-numeric: tabular-nums">`)
	if g.caption != "" {
		fmt.Fprintf(&b, `<caption style="%s; caption-side: top; white-space: nowrap; %s">%s</caption>`, left, muted, html.EscapeString(oneLine(g.caption)))
	}
	aligned := make([]string, g.columns)
	for i := range aligned {
		aligned[i] = left
		if g.isNumeric(i) {
			aligned[i] = right
		}
	}
	g.writeHead(&b, aligned)
	b.WriteString("<tbody>")
	for i, row := range g.rows {
		b.WriteString("<tr>")
		if g.labels != nil {
			writeCell(&b, `th scope="row"`, left, oneLine(g.labels[i]))
		}
		for column, align := range aligned {
			writeCell(&b, "td", align, cell(row, column))
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody>")
	if rest := g.rest(); rest != "" {
		fmt.Fprintf(&b, `<tfoot><tr><td colspan="%d" style="%s; %s">%s</td></tr></tfoot>`, g.width(), left, muted, rest)
	}
	b.WriteString("</table></div>")
	return b.String()
}

func (g grid) writeHead(b *strings.Builder, aligned []string) {
	if g.header == nil {
		return
	}
	b.WriteString("<thead><tr>")
	if g.labels != nil {
		b.WriteString("<td></td>")
	}
	for column, align := range aligned {
		writeCell(b, `th scope="col"`, align, cell(g.header, column))
	}
	b.WriteString("</tr></thead>")
}

// width is how many cells a row has.
func (g grid) width() int {
	if g.labels != nil {
		return g.columns + 1
	}
	return max(g.columns, 1)
}

func writeCell(b *strings.Builder, element, align, text string) {
	name, _, _ := strings.Cut(element, " ")
	shown, isShorter := shorten(text, cellWidth)
	title := ""
	if isShorter {
		title = ` title="` + html.EscapeString(cut(text, maxCell)) + `"`
	}
	fmt.Fprintf(b, `<%s style="%s"%s>%s</%s>`, element, align, title, html.EscapeString(shown), name)
}
