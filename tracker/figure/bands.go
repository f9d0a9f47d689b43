package figure

import (
	"context"
	"fmt"

	"gonum.org/v1/plot"

	"paperlab/plots"
	"paperlab/tracker"
	"paperlab/tracker/runs"
)

// Bands draws one series of the runs with these IDs in groups of the same value of a parameter, in the order in which the
// values first come: the mean of each group as a line, in the band that the options choose. A run that does not exist is an
// error.
func Bands(ctx context.Context, store tracker.Store, key, param string, ids []string, o Options) (*plot.Plot, error) {
	r := reader{ctx: ctx, store: store, ids: ids}
	options := r.options(o)
	var groups []plots.Group
	place := map[string]int{}
	for i, series := range r.series(key) {
		summary, err := runs.Get(ctx, store, ids[i])
		if err != nil {
			return nil, err
		}
		name := param + " none"
		if value, ok := summary.Run.Params[param]; ok {
			name = fmt.Sprint(param, " ", value)
		}
		at, known := place[name]
		if !known {
			at, place[name] = len(groups), len(groups)
			groups = append(groups, plots.Group{Name: name})
		}
		groups[at].Series = append(groups[at].Series, series)
	}
	if r.err != nil {
		return nil, r.err
	}
	return plots.Bands(key, groups, options)
}

// BandsOf is [Bands] for the runs that a query asks for, in its groups: params.lr, params.model. Its columns do not matter.
func BandsOf(ctx context.Context, store tracker.Store, key string, q runs.Query, o Options) (*plot.Plot, error) {
	found, err := q.Groups(ctx, store)
	if err != nil {
		return nil, err
	}
	r := reader{ctx: ctx, store: store}
	groups := make([]plots.Group, len(found))
	for i, g := range found {
		groups[i].Name = g.Name
		for _, summary := range g.Runs {
			r.ids = append(r.ids, summary.Run.ID)
			groups[i].Series = append(groups[i].Series, r.of(summary, []string{key}))
		}
	}
	options := r.options(o)
	if r.err != nil {
		return nil, r.err
	}
	return plots.Bands(key, groups, options)
}
