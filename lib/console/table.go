package console

import (
	"io"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// Table writes rows under a header, in columns wide enough for their cells; columns of numbers are aligned at the
// right. Rows may be shorter than the header.
func Table(w io.Writer, header []string, rows [][]string) error {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	style := t.Style()
	style.Options = table.Options{SeparateHeader: true}
	style.Format.Header = text.FormatDefault
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "

	columns := make([]table.ColumnConfig, len(header))
	for i := range header {
		columns[i].Number = i + 1
		if numeric(rows, i) {
			columns[i].Align, columns[i].AlignHeader = text.AlignRight, text.AlignRight
		}
	}
	t.SetColumnConfigs(columns)
	t.AppendHeader(cells(header))
	for _, row := range rows {
		t.AppendRow(cells(row))
	}

	var out strings.Builder
	for line := range strings.Lines(t.Render() + "\n") {
		out.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func cells(row []string) table.Row {
	out := make(table.Row, len(row))
	for i, cell := range row {
		out[i] = oneLine(cell)
	}
	return out
}

// numeric says whether column i holds numbers and nothing else, gaps and dashes aside.
func numeric(rows [][]string, i int) bool {
	found := false
	for _, row := range rows {
		if i >= len(row) || row[i] == "" || row[i] == "-" {
			continue
		}
		if _, err := strconv.ParseFloat(strings.TrimSuffix(row[i], "%"), 64); err != nil {
			return false
		}
		found = true
	}
	return found
}
