package frame

import (
	"math"
	"slices"
)

// Info returns a table of the columns: name, number of cells that are not null, and type. The types are bool, int64,
// float64, string, json (lists and objects), mixed, and null for a column without any value.
func (f *Frame) Info() *Frame {
	var names, counts, kinds []any
	for _, c := range f.columns {
		count := 0
		for _, cell := range c.cells {
			if cell != nil {
				count++
			}
		}
		names, counts, kinds = append(names, c.name), append(counts, int64(count)), append(kinds, c.kind())
	}
	return &Frame{
		columns: []column{{"column", names}, {"non-null", counts}, {"type", kinds}},
		rows:    len(f.columns),
	}
}

// Describe returns statistics of the numeric columns, one a row: count, mean, standard deviation (of a sample), minimum,
// quartiles (interpolated) and maximum. Where no column is numeric it describes all of them by count, number of distinct
// values, the most frequent value (the first of several) and how often that occurs. Nulls are left out.
func (f *Frame) Describe() *Frame {
	described := f.describeWith([]any{"count", "mean", "std", "min", "25%", "50%", "75%", "max"}, column.isNumeric, numericStatistics)
	if len(described.columns) > 1 {
		return described
	}
	all := func(column) bool { return true }
	return f.describeWith([]any{"count", "unique", "top", "freq"}, all, textStatistics)
}

// describeWith applies statistics, which gives a cell for each label, to the columns that are wanted.
func (f *Frame) describeWith(labels []any, wanted func(column) bool, statistics func(column) []any) *Frame {
	described := &Frame{columns: []column{{"statistic", labels}}, rows: len(labels)}
	for _, c := range f.columns {
		if wanted(c) {
			described.columns = append(described.columns, column{c.name, statistics(c)})
		}
	}
	return described
}

func numericStatistics(c column) []any {
	var values []float64
	sum := 0.0
	for _, cell := range c.cells {
		if cell != nil {
			value, _ := asFloat(cell)
			values = append(values, value)
			sum += value
		}
	}
	slices.Sort(values)
	mean := sum / float64(len(values))
	squares := 0.0
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	statistics := []any{int64(len(values)), mean, math.Sqrt(squares / float64(len(values)-1))}
	for _, share := range []float64{0, 0.25, 0.5, 0.75, 1} {
		statistics = append(statistics, quantile(values, share))
	}
	return statistics
}

// quantile interpolates linearly between the two nearest of the sorted values.
func quantile(sorted []float64, share float64) float64 {
	position := share * float64(len(sorted)-1)
	below := int(position)
	above := min(below+1, len(sorted)-1)
	return sorted[below] + (position-float64(below))*(sorted[above]-sorted[below])
}

func textStatistics(c column) []any {
	counts := map[string]int{}
	total := 0
	for _, cell := range c.cells {
		if cell != nil {
			counts[text(cell)]++
			total++
		}
	}
	var top any // null in a column without values
	freq := 0
	for _, cell := range c.cells {
		if cell != nil && counts[text(cell)] > freq {
			top, freq = text(cell), counts[text(cell)]
		}
	}
	return []any{int64(total), int64(len(counts)), top, int64(freq)}
}
