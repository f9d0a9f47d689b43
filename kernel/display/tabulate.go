package display

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// tabulate makes a table of a list or map of records, of a list of lists, of a map of anything, and of a struct's fields.
//
// A record is a struct, a pointer to one, a map with string keys or a list; each is a row, its fields are columns.
// A map of up to 30 lists of the same length is taken by columns, as data frames are written down.
func tabulate(v reflect.Value) (g grid, ok bool) {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if !v.IsValid() || !v.CanInterface() {
		return grid{}, false
	}
	if m, isMatrix := v.Interface().(matrix); isMatrix {
		return matrixGrid(m, v.Type()), true
	}
	if v.CanAddr() {
		if m, isMatrix := v.Addr().Interface().(matrix); isMatrix {
			return matrixGrid(m, v.Type()), true
		}
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		record := recordOf(v.Type().Elem())
		if record == nil {
			return grid{}, false
		}
		return listGrid(v, record), true
	case reflect.Map:
		return mapGrid(v), true
	case reflect.Struct:
		return structGrid(v)
	}
	return grid{}, false
}

// structGrid has a row for each exported field.
func structGrid(v reflect.Value) (g grid, ok bool) {
	names, fields := exported(v.Type())
	if fields == nil || hasText(v.Type()) {
		return grid{}, false
	}
	g = grid{caption: typeName(v.Type()), header: []string{"value"}, labels: names[:rowsShown(len(names))], columns: 1}
	g.hidden = len(names) - len(g.labels)
	for i := range g.labels {
		g.rows = append(g.rows, []string{fieldText(v, fields[i])})
	}
	return g, true
}

// listGrid has a row for each element, labeled by its index.
func listGrid(v reflect.Value, record record) grid {
	shown := rowsShown(v.Len())
	elements, labels := make([]reflect.Value, shown), make([]string, shown)
	for i := range shown {
		elements[i], labels[i] = v.Index(i), strconv.Itoa(i)
	}
	g := recordsGrid(elements, record)
	g.labels, g.hidden = labels, v.Len()-shown
	g.caption = caption(v.Type(), v.Len(), g)
	return g
}

// mapGrid has a row for each key.
func mapGrid(v reflect.Value) grid {
	entries := sortedEntries(v)
	if g, ok := columnsGrid(v, entries); ok {
		return g
	}
	shown := rowsShown(len(entries))
	elements, labels := make([]reflect.Value, shown), make([]string, shown)
	for i, e := range entries[:shown] {
		elements[i], labels[i] = e.value, valueText(e.key, maxCell)
	}
	record := recordOf(v.Type().Elem())
	if record == nil || isList(v.Type().Elem()) {
		record = whole
	}
	g := recordsGrid(elements, record)
	g.labels, g.hidden = labels, len(entries)-shown
	g.caption = caption(v.Type(), len(entries), g)
	return g
}

// columnsGrid takes a map of lists of the same length by columns.
func columnsGrid(v reflect.Value, entries []entry) (grid, bool) {
	if !isList(v.Type().Elem()) || v.Type().Key().Kind() != reflect.String || len(entries) == 0 || len(entries) > maxColumns {
		return grid{}, false
	}
	length := entries[0].value.Len()
	shown := rowsShown(length)
	g := grid{rows: make([][]string, shown), labels: make([]string, shown), columns: len(entries), hidden: length - shown}
	for _, e := range entries {
		if e.value.Len() != length {
			return grid{}, false
		}
		g.header = append(g.header, e.key.String())
		for i := range shown {
			g.rows[i] = append(g.rows[i], cellText(e.value.Index(i)))
		}
	}
	for i := range g.labels {
		g.labels[i] = strconv.Itoa(i)
	}
	g.caption = caption(v.Type(), length, g)
	return g, true
}

// recordsGrid has a row for each element.
func recordsGrid(elements []reflect.Value, record record) grid {
	header, rows := record(elements)
	g := grid{header: header, rows: rows, columns: len(header)}
	if hidden := g.columns - maxColumns; hidden > 0 {
		g.columns, g.hiddenColumns = maxColumns, hidden
	}
	return g
}

// typeName writes a type as a cell would.
func typeName(typ reflect.Type) string {
	return strings.ReplaceAll(ofNotebook.ReplaceAllString(typ.String(), ""), "interface {}", "any")
}

// ofNotebook is how reflect qualifies the notebook's own types, which cells call by their names alone.
var ofNotebook = regexp.MustCompile(`\bmain\.`)

// caption says what a table is of, and how large.
func caption(typ reflect.Type, rows int, g grid) string {
	return fmt.Sprintf("%s, %s × %s", typeName(typ), count(rows, "row"), count(g.columns+g.hiddenColumns, "column"))
}

// cellText is a value in a cell: floats with six digits.
func cellText(v reflect.Value) string {
	for v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if v.IsValid() && v.CanFloat() && v.NumMethod() == 0 {
		return float(v.Float(), 6)
	}
	return valueText(v, maxCell)
}

// float writes so many digits, all of a whole number.
func float(x float64, digits int) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', digits, 64)
}
