package runs

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"paperlab/tracker"
	"paperlab/tracker/query"
)

// View is a table for people to read. It prints as text, and shows as HTML in a notebook.
type View struct {
	Header []string
	Rows   [][]string
	Values [][]any // the cells before they were written for people
}

// add adds a row.
func (v *View) add(values []any) {
	cells := make([]string, len(values))
	for i, value := range values {
		cells[i] = show(value)
	}
	v.Rows, v.Values = append(v.Rows, cells), append(v.Values, values)
}

// Table returns the cells, for whoever draws tables in a way of their own.
func (v *View) Table() (header []string, rows [][]string) { return v.Header, v.Rows }

// String draws the table with lines. One without rows says so.
func (v *View) String() string { return v.writer().Render() }

// HTML gives the table as an HTML element, its texts escaped.
func (v *View) HTML() string { return v.writer().RenderHTML() }

func (v *View) writer() table.Writer {
	w := table.NewWriter()
	style := table.StyleLight
	style.Format.Header = text.FormatDefault // as written: keys of series differ by case
	w.SetStyle(style)
	w.AppendHeader(row(v.Header))
	for _, cells := range v.Rows {
		w.AppendRow(row(cells))
	}
	if len(v.Rows) == 0 {
		w.AppendRow(table.Row{"none"})
	}
	return w
}

func row(cells []string) table.Row {
	r := make(table.Row, len(cells))
	for i, cell := range cells {
		r[i] = cell
	}
	return r
}

// show writes a value for people: six digits of a number, a time of this zone, the mean of a group with what lies on both
// sides of it, nothing for nothing.
func show(value any) string {
	switch v := value.(type) {
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Sprint(v)
		}
		return strconv.FormatFloat(v, 'g', 6, 64)
	case time.Time:
		return v.Local().Format(time.DateTime)
	case time.Duration:
		return v.Round(time.Second).String()
	case query.Spread:
		return fmt.Sprintf("%.4g ± %.2g", v.Mean, v.Std)
	}
	return query.Text(value)
}

// duration is how long a run has taken, as far as is known.
func duration(run *tracker.Run) time.Duration {
	end := run.Ended
	if end.IsZero() {
		end = run.Heartbeat
	}
	return max(0, end.Sub(run.Started)).Round(time.Second)
}
