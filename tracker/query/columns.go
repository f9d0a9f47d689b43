package query

import "strings"

// Columns are expressions with titles. They may be shared between goroutines.
type Columns []Column

// Column is one of them.
type Column struct {
	Title string
	Text  string // the expression, without a title: what to sort by it
	node  node
}

// ParseColumns reads a list such as
//
//	name, params.lr as lr, min("eval/loss") as "best loss"
//
// The title of what has none is its own text. Nothing is no column. What is wrong with a text comes back as an [*Error].
func ParseColumns(text string) (Columns, error) {
	pieces, err := split(text)
	if err != nil {
		return nil, err
	}
	c := compiler{text: text}
	columns := make(Columns, len(pieces))
	for i, p := range pieces {
		title, expression := p.titled(text)
		value, err := c.parse(expression.from, expression.to)
		if err != nil {
			return nil, err
		}
		columns[i] = Column{title, strings.TrimSpace(text[expression.from:expression.to]), value}
	}
	return columns, nil
}

// Value returns what a run has in the column: nil, bool, int64, float64, string, [time.Time], [time.Duration], or what
// encoding/json makes of a list or an object. It fails only if points cannot be read.
func (c Column) Value(row Row) (any, error) { return c.node.eval(row) }

// Values returns what a run has in all columns.
func (c Columns) Values(row Row) ([]any, error) {
	values := make([]any, len(c))
	for i, column := range c {
		var err error
		if values[i], err = column.Value(row); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// Titles returns the titles of all columns.
func (c Columns) Titles() []string {
	titles := make([]string, len(c))
	for i, column := range c {
		titles[i] = column.Title
	}
	return titles
}
