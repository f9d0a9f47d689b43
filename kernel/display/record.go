package display

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
)

// record lays out elements of one type as rows: their columns' names, and each one's cells.
type record func(elements []reflect.Value) (header []string, rows [][]string)

// recordOf returns how elements of a type are laid out, nil if they have no parts to be columns: a number, a time.
func recordOf(typ reflect.Type) record {
	if hasText(typ) {
		return nil
	}
	switch {
	case typ.Kind() == reflect.Struct, typ.Kind() == reflect.Pointer && typ.Elem().Kind() == reflect.Struct:
		return structs(typ)
	case typ.Kind() == reflect.Map && typ.Key().Kind() == reflect.String:
		return mappings
	case isList(typ):
		return lists
	}
	return nil
}

// hasText says whether a type writes itself as one text.
func hasText(typ reflect.Type) bool {
	for _, method := range []reflect.Type{reflect.TypeFor[error](), reflect.TypeFor[fmt.Stringer](), reflect.TypeFor[fmt.Formatter]()} {
		if typ.Implements(method) || reflect.PointerTo(typ).Implements(method) {
			return true
		}
	}
	return false
}

func isList(typ reflect.Type) bool {
	return (typ.Kind() == reflect.Slice || typ.Kind() == reflect.Array) && typ.Elem().Kind() != reflect.Uint8
}

// structs has a column for each exported field, those of embedded structs too. It is nil if there are none.
func structs(typ reflect.Type) record {
	header, fields := exported(typ)
	if fields == nil {
		return nil
	}
	return func(elements []reflect.Value) ([]string, [][]string) {
		rows := make([][]string, len(elements))
		for i, element := range elements {
			if element.Kind() == reflect.Pointer && element.IsNil() {
				rows[i] = []string{"<nil>"}
				continue
			}
			for _, index := range fields {
				rows[i] = append(rows[i], fieldText(reflect.Indirect(element), index))
			}
		}
		return header, rows
	}
}

// exported lists the exported fields of a struct or of what a pointer to one points at.
func exported(typ reflect.Type) (names []string, fields [][]int) {
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	for _, field := range reflect.VisibleFields(typ) {
		if field.IsExported() && !field.Anonymous {
			names, fields = append(names, field.Name), append(fields, field.Index)
		}
	}
	return names, fields
}

// fieldText is empty where the field belongs to an embedded pointer that is nil.
func fieldText(v reflect.Value, index []int) string {
	field, err := v.FieldByIndexErr(index)
	if err != nil {
		return ""
	}
	return cellText(field)
}

// mappings has a column for each key of any of the maps.
func mappings(elements []reflect.Value) (header []string, rows [][]string) {
	keys := map[string]bool{}
	for _, element := range elements {
		for it := element.MapRange(); it.Next(); {
			keys[it.Key().String()] = true
		}
	}
	header = slices.Sorted(maps.Keys(keys))
	for _, element := range elements {
		row := make([]string, len(header))
		for i, key := range header {
			if value := element.MapIndex(reflect.ValueOf(key).Convert(element.Type().Key())); value.IsValid() {
				row[i] = cellText(value)
			}
		}
		rows = append(rows, row)
	}
	return header, rows
}

// lists has a column for each index. Only what is shown is written.
func lists(elements []reflect.Value) (header []string, rows [][]string) {
	for _, element := range elements {
		row := make([]string, 0, min(element.Len(), maxColumns))
		for i := range cap(row) {
			row = append(row, cellText(element.Index(i)))
		}
		rows = append(rows, row)
		for i := len(header); i < element.Len(); i++ {
			header = append(header, strconv.Itoa(i))
		}
	}
	return header, rows
}

// whole has one column, for the element itself.
func whole(elements []reflect.Value) (header []string, rows [][]string) {
	for _, element := range elements {
		rows = append(rows, []string{cellText(element)})
	}
	return []string{"value"}, rows
}
