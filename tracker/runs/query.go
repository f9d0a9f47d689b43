package runs

import (
	"context"
	"fmt"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/query"
)

// Query asks for runs in the language of package query. The zero value asks for all of them, the newest first.
type Query struct {
	Project string // whose runs; of all projects if empty
	Filter  string // which runs: status == "finished" && min("eval/loss") < 2.5
	Sort    string // by what, the first first: -last("rouge/rouge1"), started
	Columns string // what is shown of each: name, params.lr as lr, min("eval/loss")
	Group   string // a row for all runs that have the same of this: params.lr, params.model
	Limit   int    // how many rows at most; no limit if zero
	Deleted bool   // only what runs rm put into the bin

	Clock func() time.Time // ages are measured by it; time.Now if nil
}

// Select returns the runs that the query asks for; as in [List], diffs are left out. Its columns and groups do not
// matter. A text that cannot be read gives a [*query.Error].
func (q Query) Select(ctx context.Context, store tracker.Store) ([]Summary, error) {
	rows, err := q.rows(ctx, store)
	if err != nil {
		return nil, err
	}
	summaries := make([]Summary, 0, len(rows))
	for _, row := range limited(rows, q.Limit) {
		summaries = append(summaries, Summary{row.Run, row.Series})
	}
	return summaries, nil
}

// Table shows the runs that the query asks for, one a row, or one group of runs a row. Without columns it has all
// parameters, and the last and the smallest value of each series. A group shows what all its runs have, else the mean of
// their numbers and how far they scatter (see [query.Spread]); groups come in the order of their first runs.
func (q Query) Table(ctx context.Context, store tracker.Store) (*View, error) {
	rows, err := q.rows(ctx, store)
	if err != nil {
		return nil, err
	}
	text := q.Columns
	if text == "" {
		text = q.usual(rows)
	}
	columns, err := query.ParseColumns(text)
	if err != nil {
		return nil, fmt.Errorf("columns: %w", err)
	}
	if q.Group != "" {
		return q.grouped(rows, columns)
	}
	view := &View{Header: columns.Titles()}
	for _, row := range limited(rows, q.Limit) {
		values, err := columns.Values(row)
		if err != nil {
			return nil, err
		}
		view.add(values)
	}
	return view, nil
}

// rows filters and sorts.
func (q Query) rows(ctx context.Context, store tracker.Store) ([]query.Row, error) {
	filter, err := query.Parse(q.Filter)
	if err != nil {
		return nil, fmt.Errorf("filter: %w", err)
	}
	sort, err := query.ParseSort(q.Sort)
	if err != nil {
		return nil, fmt.Errorf("sort: %w", err)
	}
	all, err := q.all(ctx, store)
	if err != nil {
		return nil, err
	}
	var rows []query.Row
	for _, row := range all {
		ok, err := filter.Match(row)
		if err != nil {
			return nil, err
		}
		if ok {
			rows = append(rows, row)
		}
	}
	return rows, sort.Rows(rows)
}

// all are the runs before they are filtered.
func (q Query) all(ctx context.Context, store tracker.Store) ([]query.Row, error) {
	summaries, err := List(ctx, store, tracker.RunFilter{Project: q.Project, Deleted: q.Deleted})
	if err != nil {
		return nil, err
	}
	now := time.Now()
	if q.Clock != nil {
		now = q.Clock()
	}
	rows := make([]query.Row, len(summaries))
	for i, s := range summaries {
		rows[i] = s.row(ctx, store, now)
	}
	return rows, nil
}

// Unknown tells which parameters, tags and series the filter names that no run has, a sentence each: where a query finds
// nothing, a name may be misspelt.
func (q Query) Unknown(ctx context.Context, store tracker.Store) ([]string, error) {
	filter, err := query.Parse(q.Filter)
	if err != nil {
		return nil, fmt.Errorf("filter: %w", err)
	}
	rows, err := q.all(ctx, store)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return filter.Unknown(rows), nil
}

// row is the run as the language sees it.
func (s Summary) row(ctx context.Context, store tracker.Store, now time.Time) query.Row {
	return query.NewRow(s.Run, s.Series, now, func(key string, labels tracker.Context) ([]tracker.Point, error) {
		return store.Points(ctx, s.Run.ID, key, labels)
	})
}

// limited cuts a list to so many; no limit is zero.
func limited[T any](list []T, limit int) []T {
	if limit > 0 {
		return list[:min(limit, len(list))]
	}
	return list
}
