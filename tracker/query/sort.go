package query

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// Sort is an order of runs. It may be shared between goroutines.
type Sort []order

type order struct {
	node
	falling bool
}

// ParseSort reads by what runs are sorted, the first first: -last("rouge/rouge1"), started. After a minus the largest
// comes first, or the latest, or the end of the alphabet. Nothing leaves runs as they are. What is wrong with a text
// comes back as an [*Error].
func ParseSort(text string) (Sort, error) {
	pieces, err := split(text)
	if err != nil {
		return nil, err
	}
	c := compiler{text: text}
	var sort Sort
	for _, p := range pieces {
		by := order{}
		if rest := strings.TrimLeft(oneLine(text[p.from:p.to]), " "); strings.HasPrefix(rest, "-") {
			by.falling = true
			p.from = p.to - len(rest) + 1
		}
		if by.node, err = c.parse(p.from, p.to); err != nil {
			return nil, err
		}
		sort = append(sort, by)
	}
	return sort, nil
}

// Rows sorts rows; equal ones stay in their order. It fails only if points cannot be read.
func (s Sort) Rows(rows []Row) error {
	type keyed struct {
		row  Row
		keys []any
	}
	all := make([]keyed, len(rows))
	for i, row := range rows {
		all[i] = keyed{row, make([]any, len(s))}
		for j, by := range s {
			var err error
			if all[i].keys[j], err = by.eval(row); err != nil {
				return err
			}
		}
	}
	slices.SortStableFunc(all, func(a, b keyed) int {
		for j, by := range s {
			if c := by.compare(a.keys[j], b.keys[j]); c != 0 {
				return c
			}
		}
		return 0
	})
	for i := range all {
		rows[i] = all[i].row
	}
	return nil
}

// compare puts what has no place in the order last, whichever way it goes.
func (o order) compare(a, b any) int {
	if c := btoi(unplaced(a)) - btoi(unplaced(b)); c != 0 || unplaced(a) {
		return c
	}
	c, ordered := compare(a, b)
	if !ordered {
		c = cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(Text(a), Text(b)))
	}
	if o.falling {
		return -c
	}
	return c
}

func unplaced(value any) bool {
	f, ok := value.(float64)
	return value == nil || ok && math.IsNaN(f)
}

// rank is the order of types, where one column holds several.
func rank(value any) int {
	switch value.(type) {
	case bool:
		return 0
	case int64, float64:
		return 1
	case time.Duration:
		return 2
	case time.Time:
		return 3
	case string:
		return 4
	}
	return 5
}
