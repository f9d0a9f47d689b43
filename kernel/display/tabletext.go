package display

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// textWidth is how many runes of a cell a console shows.
const textWidth = 40

// text aligns the table for a console.
func (g grid) text() string {
	w := table.NewWriter()
	style := table.StyleLight
	style.Options = table.Options{SeparateHeader: true}
	style.Format.Header = text.FormatDefault // as written
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	w.SetStyle(style)
	offset := 0
	if g.labels != nil {
		offset = 1
	}
	columns := make([]table.ColumnConfig, 0, g.columns)
	for i := range g.columns {
		if g.isNumeric(i) {
			columns = append(columns, table.ColumnConfig{Number: i + offset + 1, Align: text.AlignRight, AlignHeader: text.AlignRight})
		}
	}
	w.SetColumnConfigs(columns)
	if g.header != nil {
		w.AppendHeader(g.line(g.header, ""))
	}
	for i, row := range g.rows {
		label := ""
		if g.labels != nil {
			label = g.labels[i]
		}
		w.AppendRow(g.line(row, label))
	}
	var lines []string
	if g.caption != "" {
		lines = append(lines, oneLine(g.caption))
	}
	for line := range strings.SplitSeq(w.Render(), "\n") {
		lines = append(lines, strings.TrimRight(line, " "))
	}
	if rest := g.rest(); rest != "" {
		lines = append(lines, rest)
	}
	return strings.Join(lines, "\n")
}

func (g grid) line(row []string, label string) table.Row {
	var line table.Row
	if g.labels != nil {
		label, _ = shorten(oneLine(label), textWidth)
		line = append(line, label)
	}
	for column := range g.columns {
		shown, _ := shorten(cell(row, column), textWidth)
		line = append(line, shown)
	}
	return line
}
