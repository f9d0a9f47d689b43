package runs

import (
	"context"
	"slices"

	"paperlab/tracker"
)

// Compare shows runs side by side, one a column: the parameters that differ, and the last, smallest and largest value of
// each series. It fails if one of the runs does not exist.
func Compare(ctx context.Context, store tracker.Store, ids ...string) (*View, error) {
	var summaries []Summary
	for _, id := range ids {
		summary, err := Get(ctx, store, id)
		if err != nil {
			return nil, err
		}
		summaries = append(summaries, summary)
	}
	view := &View{Header: []string{""}}
	for _, s := range summaries {
		view.Header = append(view.Header, s.Run.Name)
	}
	add := func(title string, value func(Summary) any) {
		cells := []string{title}
		for _, s := range summaries {
			cells = append(cells, show(value(s)))
		}
		view.Rows = append(view.Rows, cells)
	}
	add("id", func(s Summary) any { return s.Run.ID })
	add("status", func(s Summary) any { return s.Run.Status })
	add("duration", func(s Summary) any { return duration(s.Run) })
	for _, column := range Differing(summaries) {
		add(column.Title, column.Value)
	}
	for _, key := range metricKeys(summaries) {
		for _, column := range []Column{Last(key), Min(key), Max(key)} {
			add(column.Title, column.Value)
		}
	}
	return view, nil
}

// differs reports whether the runs disagree about a parameter, or only some of them have it.
func differs(summaries []Summary, key string) bool {
	type entry struct{ kind, text string }
	var entries []entry
	for _, s := range summaries {
		var e entry
		if value, ok := s.Run.Params[key]; ok {
			// What a store gave back can be encoded again.
			e.kind, e.text, _ = tracker.EncodeParam(value)
		}
		entries = append(entries, e)
	}
	return len(slices.Compact(entries)) > 1
}
