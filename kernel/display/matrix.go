package display

import (
	"reflect"
	"strconv"
)

// matrix is what gonum's matrices have.
type matrix interface {
	Dims() (rows, columns int)
	At(row, column int) float64
}

func matrixGrid(m matrix, typ reflect.Type) grid {
	rows, columns := m.Dims()
	g := grid{columns: min(columns, maxColumns)}
	g.hiddenColumns = columns - g.columns
	for i := range rowsShown(rows) {
		row := make([]string, g.columns)
		for j := range row {
			row[j] = float(m.At(i, j), 6)
		}
		g.rows, g.labels = append(g.rows, row), append(g.labels, strconv.Itoa(i))
	}
	for j := range g.columns {
		g.header = append(g.header, strconv.Itoa(j))
	}
	g.hidden = rows - len(g.rows)
	g.caption = caption(typ, rows, g)
	return g
}
