package runs

import (
	"context"
	"fmt"
	"strings"

	"paperlab/tracker"
	"paperlab/tracker/query"
)

// always are the columns that a table has where none are chosen.
const always = "id, project, name, status, started, duration"

// usual are the columns of a table for which none were chosen: in groups, only what can differ within one.
func (q Query) usual(rows []query.Row) string {
	choices := query.ChoicesOf(rows)
	columns := append([]string{always}, choices.Params...)
	if q.Group != "" {
		columns = nil
	}
	for _, series := range choices.Series {
		columns = append(columns, "last("+series+")", "min("+series+")")
	}
	return strings.Join(columns, ", ")
}

// grouped shows one group a row: what its runs have in common, how many they are, and their columns.
func (q Query) grouped(rows []query.Row, columns query.Columns) (*View, error) {
	by, err := query.ParseColumns(q.Group)
	if err != nil {
		return nil, fmt.Errorf("group: %w", err)
	}
	groups, err := by.Group(rows)
	if err != nil {
		return nil, err
	}
	view := &View{Header: append(append(by.Titles(), "runs"), columns.Titles()...)}
	for _, group := range limited(groups, q.Limit) {
		values := append(group.Values[:len(by):len(by)], int64(len(group.Rows)))
		for _, column := range columns {
			all := make([]any, len(group.Rows))
			for i, row := range group.Rows {
				if all[i], err = column.Value(row); err != nil {
					return nil, err
				}
			}
			values = append(values, together(all))
		}
		view.add(values)
	}
	return view, nil
}

// together is what a group has in a column: the value of all its runs, the spread of its numbers, or how many values.
func together(values []any) any {
	different := map[string]bool{}
	for _, value := range values {
		different[fmt.Sprintf("%T %s", value, query.Text(value))] = true
	}
	if len(different) == 1 {
		return values[0]
	}
	if spread, ok := query.NewSpread(values); ok {
		return spread
	}
	return fmt.Sprintf("%d values", len(different))
}

// Group is the runs that have the same of what a query groups by.
type Group struct {
	Name string // lr 0.1, model t5
	Runs []Summary
}

// Groups returns the runs that the query asks for by its groups, which come in the order of their first runs; without
// Group, all of them as one without a name. Limit is the number of groups.
func (q Query) Groups(ctx context.Context, store tracker.Store) ([]Group, error) {
	rows, err := q.rows(ctx, store)
	if err != nil {
		return nil, err
	}
	by, err := query.ParseColumns(q.Group)
	if err != nil {
		return nil, fmt.Errorf("group: %w", err)
	}
	found, err := by.Group(rows)
	if err != nil {
		return nil, err
	}
	var groups []Group
	for _, g := range limited(found, q.Limit) {
		group := Group{Name: groupName(by, g.Values)}
		for _, row := range g.Rows {
			group.Runs = append(group.Runs, Summary{row.Run, row.Series})
		}
		groups = append(groups, group)
	}
	return groups, nil
}

func groupName(by query.Columns, values []any) string {
	parts := make([]string, len(by))
	for i, column := range by {
		value := "none"
		if values[i] != nil {
			value = show(values[i])
		}
		parts[i] = strings.TrimPrefix(column.Title, "params.") + " " + value
	}
	return strings.Join(parts, ", ")
}
