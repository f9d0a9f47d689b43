package frame

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	prettytext "github.com/jedib0t/go-pretty/v6/text"
)

// What pandas prints by default: a table of up to 60 rows whole, of a longer one 5 at each end; 50 characters a cell,
// one of them a space.
const (
	maxRows       = 60
	endRows       = 5
	maxCellLength = 49
)

// String returns the table as aligned text, row numbers first, with its size below where rows are left out.
func (f *Frame) String() string {
	lines := strings.Split(f.writer().Render(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n") + f.size("\n\n%s")
}

// HTML returns the table as an HTML table of the class "dataframe". All text in it is escaped.
func (f *Frame) HTML() string {
	return f.writer().RenderHTML() + f.size("\n<p>%s</p>")
}

// size returns the numbers of rows and columns in a format, or nothing where all rows are printed.
func (f *Frame) size(format string) string {
	if f.rows <= maxRows {
		return ""
	}
	return fmt.Sprintf(format, fmt.Sprintf("[%d rows x %d columns]", f.rows, len(f.columns)))
}

// writer returns the rows to print, each with its number in front.
func (f *Frame) writer() table.Writer {
	w := table.NewWriter()
	w.SetStyle(table.Style{
		Box:    table.BoxStyle{PaddingRight: "  "},
		Format: table.FormatOptions{Header: prettytext.FormatDefault},
		HTML:   table.HTMLOptions{CSSClass: "dataframe", EscapeText: true},
	})
	header := table.Row{""}
	aligned := []table.ColumnConfig{{Number: 1}}
	for i, c := range f.columns {
		header = append(header, printed(c.name))
		aligned = append(aligned, table.ColumnConfig{Number: i + 2, Align: prettytext.AlignRight, AlignHeader: prettytext.AlignRight})
	}
	w.AppendHeader(header)
	w.SetColumnConfigs(aligned)
	for row := range f.rows {
		switch {
		case f.rows <= maxRows || row < endRows || row >= f.rows-endRows:
			w.AppendRow(f.printedRow(row))
		case row == endRows:
			w.AppendRow(ellipses(len(header)))
		}
	}
	return w
}

func (f *Frame) printedRow(row int) table.Row {
	cells := table.Row{strconv.Itoa(row)}
	for _, c := range f.columns {
		if number, ok := c.cells[row].(float64); ok {
			cells = append(cells, strconv.FormatFloat(number, 'g', 6, 64))
		} else {
			cells = append(cells, printed(text(c.cells[row])))
		}
	}
	return cells
}

func ellipses(n int) table.Row {
	row := make(table.Row, n)
	for i := range row {
		row[i] = "..."
	}
	return row
}

// printed returns s in one line: control characters as escapes, and the end cut off where it is too long.
func printed(s string) string {
	var visible strings.Builder
	for _, r := range s {
		if unicode.IsControl(r) {
			visible.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		} else {
			visible.WriteRune(r)
		}
	}
	runes := []rune(visible.String())
	if len(runes) > maxCellLength {
		return string(runes[:maxCellLength-len("...")]) + "..."
	}
	return string(runes)
}
