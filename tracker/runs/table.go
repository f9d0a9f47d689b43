package runs

import (
	"context"
	"maps"
	"slices"

	"paperlab/tracker"
)

// Column is a column of a [Table]. Its value is nil where a run has none.
type Column struct {
	Title string
	Value func(Summary) any
}

// Param is the column of a parameter.
func Param(key string) Column {
	return Column{"params." + key, func(s Summary) any { return s.Run.Params[key] }}
}

// Differing returns the columns of the parameters that are not the same in all of these runs, by their names.
func Differing(summaries []Summary) []Column {
	var columns []Column
	for _, key := range paramKeys(summaries) {
		if differs(summaries, key) {
			columns = append(columns, Param(key))
		}
	}
	return columns
}

// Tag is the column of a tag.
func Tag(key string) Column {
	return Column{"tags." + key, func(s Summary) any {
		if value, ok := s.Run.Tags[key]; ok {
			return value
		}
		return nil
	}}
}

// Last is the column of a series' last value.
func Last(key string) Column {
	return metric("last "+key, key, func(s tracker.Series) float64 { return s.Last.Value })
}

// Min is the column of a series' smallest value.
func Min(key string) Column {
	return metric("min "+key, key, func(s tracker.Series) float64 { return s.Min })
}

// Max is the column of a series' largest value.
func Max(key string) Column {
	return metric("max "+key, key, func(s tracker.Series) float64 { return s.Max })
}

func metric(title, key string, value func(tracker.Series) float64) Column {
	return Column{title, func(s Summary) any {
		if series, ok := s.Metric(key); ok {
			return value(series)
		}
		return nil
	}}
}

// Table shows the runs that the filter lets through, one a row. Without columns it has all parameters, and the last and
// the smallest value of each series.
func Table(ctx context.Context, store tracker.Store, filter tracker.RunFilter, columns ...Column) (*View, error) {
	summaries, err := List(ctx, store, filter)
	if err != nil {
		return nil, err
	}
	if len(columns) == 0 {
		for _, key := range paramKeys(summaries) {
			columns = append(columns, Param(key))
		}
		for _, key := range metricKeys(summaries) {
			columns = append(columns, Last(key), Min(key))
		}
	}
	view := &View{Header: []string{"id", "project", "name", "status", "started", "duration"}}
	for _, column := range columns {
		view.Header = append(view.Header, column.Title)
	}
	for _, s := range summaries {
		values := []any{s.Run.ID, s.Run.Project, s.Run.Name, string(s.Run.Status), s.Run.Started, duration(s.Run)}
		for _, column := range columns {
			values = append(values, column.Value(s))
		}
		view.add(values)
	}
	return view, nil
}

func paramKeys(summaries []Summary) []string {
	keys := map[string]bool{}
	for _, s := range summaries {
		for key := range s.Run.Params {
			keys[key] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

func metricKeys(summaries []Summary) []string {
	keys := map[string]bool{}
	for _, s := range summaries {
		for _, series := range s.Series {
			if series.Context == "" {
				keys[series.Key] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(keys))
}
