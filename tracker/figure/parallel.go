package figure

import (
	"context"
	"errors"
	"math"
	"strings"

	"gonum.org/v1/plot"

	"paperlab/plots"
	"paperlab/tracker"
	"paperlab/tracker/query"
	"paperlab/tracker/runs"
)

// Parallel draws the runs that a query asks for as lines across its columns, in the colour of the last one, which is meant
// for the metric: params.lr, params.batch_size, min("eval/loss"). The first run lies on top. Columns that hold text become axes
// of names; the axis is logarithmic where positive numbers reach over more than a factor of 50. Of the options, the title
// and Column count.
func Parallel(ctx context.Context, store tracker.Store, q runs.Query, o Options) (*plot.Plot, error) {
	if q.Group != "" {
		return nil, errors.New("figure: parallel coordinates show runs, not groups: leave the group out")
	}
	table, err := q.Table(ctx, store)
	if err != nil {
		return nil, err
	}
	axes := make([]plots.Axis, len(table.Header))
	for i, title := range table.Header {
		column := make([]any, len(table.Values))
		for j, row := range table.Values {
			column[j] = row[i]
		}
		axes[i] = axis(strings.TrimPrefix(title, "params."), column)
	}
	return plots.ParallelCoordinates(axes, plots.Options{Title: o.Title})
}

// axis holds numbers if all values are numbers or missing, else their texts.
func axis(name string, column []any) plots.Axis {
	values, texts := make([]float64, len(column)), make([]string, len(column))
	numbers := true
	for i, value := range column {
		texts[i] = query.Text(value)
		switch v := value.(type) {
		case nil:
			values[i] = math.NaN()
		case float64:
			values[i] = v
		case int64:
			values[i] = float64(v)
		default:
			numbers = false
		}
	}
	if !numbers {
		return plots.Axis{Name: name, Texts: texts}
	}
	return plots.Axis{Name: name, Values: values, Log: wide(values)}
}

// wide reports whether positive numbers reach over so much that a linear axis would press the small ones together.
func wide(values []float64) bool {
	const factor = 50
	low, high := math.Inf(1), 0.0
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		low, high = min(low, v), max(high, v)
	}
	return low > 0 && high/low > factor
}
