package frame

import (
	"fmt"
	"slices"
	"strings"
)

// Frame is a table of named columns, in a fixed order, all of the same length. It never changes after it was made:
// methods that change something return a new Frame. It may be shared between goroutines.
type Frame struct {
	columns []column
	rows    int
}

// Len returns the number of rows.
func (f *Frame) Len() int { return f.rows }

// Columns returns the names of the columns in their order.
func (f *Frame) Columns() []string {
	names := make([]string, len(f.columns))
	for i, c := range f.columns {
		names[i] = c.name
	}
	return names
}

// Head returns the first n rows, or all where there are fewer.
func (f *Frame) Head(n int) *Frame {
	n = min(max(n, 0), f.rows)
	head := &Frame{rows: n}
	for _, c := range f.columns {
		head.columns = append(head.columns, column{c.name, c.cells[:n]})
	}
	return head
}

// Select returns the named columns in the order of names. It fails on a name that is not there.
func (f *Frame) Select(names ...string) (*Frame, error) {
	selected := &Frame{rows: f.rows}
	for _, name := range names {
		c, err := f.column(name)
		if err != nil {
			return nil, err
		}
		selected.columns = append(selected.columns, c)
	}
	return selected, nil
}

// DropNA returns the rows in which none of the named columns is null, or no column at all where none is named. It fails
// on a name that is not there.
func (f *Frame) DropNA(names ...string) (*Frame, error) {
	if len(names) == 0 {
		names = f.Columns()
	}
	checked, err := f.Select(names...)
	if err != nil {
		return nil, err
	}
	var complete []int
	for row := range f.rows {
		if !slices.ContainsFunc(checked.columns, func(c column) bool { return c.cells[row] == nil }) {
			complete = append(complete, row)
		}
	}
	kept := &Frame{rows: len(complete)}
	for _, c := range f.columns {
		cells := make([]any, len(complete))
		for i, row := range complete {
			cells[i] = c.cells[row]
		}
		kept.columns = append(kept.columns, column{c.name, cells})
	}
	return kept, nil
}

// Map returns the table with change applied to the text of every cell of a column that is not null. It fails on a name
// that is not there.
func (f *Frame) Map(name string, change func(string) string) (*Frame, error) {
	c, err := f.column(name)
	if err != nil {
		return nil, err
	}
	cells := make([]any, f.rows)
	for i, cell := range c.cells {
		if cell != nil {
			cells[i] = change(text(cell))
		}
	}
	mapped := &Frame{columns: slices.Clone(f.columns), rows: f.rows}
	for i := range mapped.columns {
		if mapped.columns[i].name == name {
			mapped.columns[i].cells = cells
		}
	}
	return mapped, nil
}

// Strings returns the text of every cell of a column: numbers and booleans as JSON writes them, lists and objects as
// JSON, null as "". It fails on a name that is not there.
func (f *Frame) Strings(name string) ([]string, error) {
	c, err := f.column(name)
	if err != nil {
		return nil, err
	}
	texts := make([]string, f.rows)
	for i, cell := range c.cells {
		if cell != nil {
			texts[i] = text(cell)
		}
	}
	return texts, nil
}

// Floats returns the numbers of a column, NaN where it is null. It fails on a name that is not there and on a cell that
// is no number.
func (f *Frame) Floats(name string) ([]float64, error) {
	c, err := f.column(name)
	if err != nil {
		return nil, err
	}
	numbers := make([]float64, f.rows)
	for i, cell := range c.cells {
		number, ok := asFloat(cell)
		if !ok {
			return nil, fmt.Errorf("frame: column %q row %d is %.50q: not a number", name, i, text(cell))
		}
		numbers[i] = number
	}
	return numbers, nil
}

// Unique returns the texts that a column holds, each once, in the order in which they first appear, without null. It
// fails on a name that is not there.
func (f *Frame) Unique(name string) ([]string, error) {
	c, err := f.column(name)
	if err != nil {
		return nil, err
	}
	var unique []string
	seen := map[string]bool{}
	for _, cell := range c.cells {
		if cell == nil {
			continue
		}
		if s := text(cell); !seen[s] {
			seen[s] = true
			unique = append(unique, s)
		}
	}
	return unique, nil
}

// column returns a column by name.
func (f *Frame) column(name string) (column, error) {
	for _, c := range f.columns {
		if c.name == name {
			return c, nil
		}
	}
	return column{}, fmt.Errorf("frame: no column %q: there are %s", name, strings.Join(f.Columns(), ", "))
}
