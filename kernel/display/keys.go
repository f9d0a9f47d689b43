package display

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

type entry struct{ key, value reflect.Value }

// sortedEntries returns what a map holds in the order of its keys, or of their texts where they have none.
func sortedEntries(m reflect.Value) []entry {
	entries := make([]entry, 0, m.Len())
	for it := m.MapRange(); it.Next(); {
		entries = append(entries, entry{it.Key(), it.Value()})
	}
	compare := byText
	switch kind := m.Type().Key(); {
	case kind.Kind() == reflect.String:
		compare = func(a, b entry) int { return strings.Compare(a.key.String(), b.key.String()) }
	case reflect.Zero(kind).CanInt():
		compare = func(a, b entry) int { return cmp.Compare(a.key.Int(), b.key.Int()) }
	case reflect.Zero(kind).CanUint():
		compare = func(a, b entry) int { return cmp.Compare(a.key.Uint(), b.key.Uint()) }
	case reflect.Zero(kind).CanFloat():
		compare = func(a, b entry) int { return cmp.Compare(a.key.Float(), b.key.Float()) }
	}
	slices.SortFunc(entries, compare)
	return entries
}

func byText(a, b entry) int {
	return strings.Compare(valueText(a.key, maxCell), valueText(b.key, maxCell))
}
