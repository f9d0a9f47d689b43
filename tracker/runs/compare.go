package runs

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"paperlab/tracker"
)

// Compare shows runs side by side, one a column: the parameters that differ, and the last, smallest and largest value
// of each series, those of the machine (system/) left out. A run may be named in every way that [Find] knows. It fails
// if one of the runs does not exist.
func Compare(ctx context.Context, store tracker.Store, named ...string) (*View, error) {
	return CompareSeries(ctx, store, nil, named...)
}

// CompareSeries is [Compare] for the series with these keys only; without keys, for all but those of the machine
// (system/). It fails if none of the runs has one of them.
func CompareSeries(ctx context.Context, store tracker.Store, keys []string, named ...string) (*View, error) {
	var summaries []Summary
	for _, name := range named {
		id, err := Find(ctx, store, name)
		if err != nil {
			return nil, err
		}
		summary, err := Get(ctx, store, id)
		if err != nil {
			return nil, err
		}
		summaries = append(summaries, summary)
	}
	series, err := chosenSeries(summaries, keys)
	if err != nil {
		return nil, err
	}
	view := &View{Header: []string{""}}
	for _, s := range summaries {
		view.Header = append(view.Header, s.Run.Name)
	}
	add := func(title string, value func(Summary) any) {
		values := []any{title}
		for _, s := range summaries {
			values = append(values, value(s))
		}
		view.add(values)
	}
	add("id", func(s Summary) any { return s.Run.ID })
	add("status", func(s Summary) any { return string(s.Run.Status) })
	add("duration", func(s Summary) any { return duration(s.Run) })
	for _, key := range Differing(summaries) {
		add("params."+key, func(s Summary) any { return s.Run.Params[key] })
	}
	for _, s := range series {
		add("last "+s.String(), s.value(func(s tracker.Series) float64 { return s.Last.Value }))
		add("min "+s.String(), s.value(func(s tracker.Series) float64 { return s.Min }))
		add("max "+s.String(), s.value(func(s tracker.Series) float64 { return s.Max }))
	}
	return view, nil
}

// seriesName tells the series of a run apart.
type seriesName struct {
	key     string
	context tracker.Context
}

func (n seriesName) String() string {
	if n.context == "" {
		return n.key
	}
	return fmt.Sprintf("%s{%s}", n.key, n.context)
}

// value is what the run has of the series, nil if it has none.
func (n seriesName) value(of func(tracker.Series) float64) func(Summary) any {
	return func(summary Summary) any {
		for _, s := range summary.Series {
			if s.Key == n.key && s.Context == n.context {
				return of(s)
			}
		}
		return nil
	}
}

// chosenSeries lists the series with these keys that the runs have, in the order of the keys; without keys, all of them
// by name.
func chosenSeries(summaries []Summary, keys []string) ([]seriesName, error) {
	var all []seriesName
	for _, summary := range summaries {
		for _, s := range summary.Series {
			if name := (seriesName{s.Key, s.Context}); !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	slices.SortFunc(all, func(a, b seriesName) int { return strings.Compare(a.String(), b.String()) })
	if len(keys) == 0 {
		return slices.DeleteFunc(all, func(n seriesName) bool { return strings.HasPrefix(n.key, "system/") }), nil
	}
	var chosen []seriesName
	for _, key := range keys {
		before := len(chosen)
		for _, name := range all {
			if name.key == key {
				chosen = append(chosen, name)
			}
		}
		if len(chosen) == before {
			return nil, &tracker.Error{
				Op: "find series", On: key, Err: fmt.Errorf("%w: none of the runs has it", tracker.ErrNotFound), Advice: "paperlab runs show RUN lists the series of a run",
			}
		}
	}
	return chosen, nil
}
