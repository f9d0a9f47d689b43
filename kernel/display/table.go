package display

import (
	"strconv"
	"strings"
	"unicode"
)

// What is shown of a large table.
const (
	maxRows    = 50 // of a table that is shown whole
	headRows   = 20 // of a longer one
	maxColumns = 30
	maxCell    = 1000 // bytes of a cell's text, in its tooltip; its line shows fewer
)

// Table is rows of texts under a header, in HTML for notebooks and aligned for consoles: columns of numbers at the right,
// long cells shortened, the first 20 rows where there are more than 50, at most 30 columns. Rows may be shorter than the
// header. All texts are escaped.
type Table struct {
	Caption string   // may be empty
	Header  []string // may be nil
	Rows    [][]string
}

// Render implements [Renderer].
func (t Table) Render() Data {
	g := grid{caption: t.Caption, header: t.Header, rows: t.Rows, columns: len(t.Header)}
	g.rows = g.rows[:rowsShown(len(t.Rows))]
	g.hidden = len(t.Rows) - len(g.rows)
	for _, row := range g.rows {
		g.columns = max(g.columns, len(row))
	}
	if hidden := g.columns - maxColumns; hidden > 0 {
		g.columns, g.hiddenColumns = maxColumns, hidden
	}
	return g.data()
}

// rowsShown is how many of so many rows are shown.
func rowsShown(n int) int {
	if n > maxRows {
		return headRows
	}
	return n
}

// grid is the part of a table that is shown.
type grid struct {
	caption string
	header  []string // nil for none
	labels  []string // of the rows, nil for none
	rows    [][]string
	columns int // that are shown: rows and header may be shorter, or longer

	hidden, hiddenColumns int
}

func (g grid) data() Data {
	return Data{Data: MIMEMap{MIMETypeText: g.text(), MIMETypeHTML: g.html()}}
}

// cell returns a text in one line without control characters, empty where the row is too short.
func cell(row []string, column int) string {
	if column >= len(row) {
		return ""
	}
	return oneLine(row[column])
}

// oneLine writes control characters, which could move a console's cursor, as escapes.
func oneLine(s string) string {
	if !strings.ContainsFunc(s, unicode.IsControl) {
		return s
	}
	var visible strings.Builder
	for _, r := range s {
		if unicode.IsControl(r) {
			visible.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		} else {
			visible.WriteRune(r)
		}
	}
	return visible.String()
}

// isNumeric says whether a column holds numbers and nothing else, gaps aside.
func (g grid) isNumeric(column int) bool {
	found := false
	for _, row := range g.rows {
		text := strings.TrimSuffix(strings.ReplaceAll(cell(row, column), ",", ""), "%")
		if text == "" || text == "-" || text == "<nil>" {
			continue
		}
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return false
		}
		found = true
	}
	return found
}

// rest says what is not shown, empty if all is.
func (g grid) rest() string {
	var parts []string
	if g.hidden > 0 {
		parts = append(parts, count(g.hidden, "more row"))
	}
	if g.hiddenColumns > 0 {
		parts = append(parts, count(g.hiddenColumns, "more column"))
	}
	if parts == nil {
		return ""
	}
	return "… and " + strings.Join(parts, ", ")
}

// count writes a number of things: 1 row, 1,234 rows.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return thousands(n) + " " + thing + "s"
}

// shorten cuts a line to a number of runes, and says whether it did.
func shorten(line string, runes int) (string, bool) {
	n := 0
	for i := range line {
		if n == runes-1 && len([]rune(line[i:])) > 1 {
			return line[:i] + "…", true
		}
		n++
	}
	return line, false
}
