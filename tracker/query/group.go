package query

import (
	"fmt"
	"math"
)

// Group is the runs that have the same values in some columns.
type Group struct {
	Values []any // one a column
	Rows   []Row
}

// Group puts rows together that have the same values in these columns, in the order in which the values first come. A
// whole number and one that only looks otherwise, as 3 and 3.0, are the same. It fails only if points cannot be read.
func (c Columns) Group(rows []Row) ([]Group, error) {
	var groups []Group
	place := map[string]int{}
	for _, row := range rows {
		values, err := c.Values(row)
		if err != nil {
			return nil, err
		}
		key := identity(values)
		at, known := place[key]
		if !known {
			at, place[key] = len(groups), len(groups)
			groups = append(groups, Group{Values: values})
		}
		groups[at].Rows = append(groups[at].Rows, row)
	}
	return groups, nil
}

// identity is a text that two lists of values share only if they are the same.
func identity(values []any) string {
	parts := make([]string, 0, 2*len(values))
	for _, value := range values {
		if f, ok := float(value); ok && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			value = int64(f)
		}
		parts = append(parts, fmt.Sprint(value == nil, rank(value)), Text(value))
	}
	return fmt.Sprintf("%q", parts)
}

// Spread is what the numbers of a group have in common.
type Spread struct {
	Count     int     // of finite numbers
	Mean, Std float64 // Std is that of a sample, divided by Count-1; zero for one number
	Min, Max  float64
}

// NewSpread adds up the finite numbers among values. ok is false if there is none.
func NewSpread(values []any) (spread Spread, ok bool) {
	spread.Min, spread.Max = math.Inf(1), math.Inf(-1)
	sum := 0.0 // of squares of what lies off the mean, by Welford's method
	for _, value := range values {
		f, isNumber := float(value)
		if !isNumber || math.IsNaN(f) || math.IsInf(f, 0) {
			continue
		}
		spread.Count++
		off := f - spread.Mean
		spread.Mean += off / float64(spread.Count)
		sum += off * (f - spread.Mean)
		spread.Min, spread.Max = min(spread.Min, f), max(spread.Max, f)
	}
	if spread.Count > 1 {
		spread.Std = math.Sqrt(sum / float64(spread.Count-1))
	}
	return spread, spread.Count > 0
}
