package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/query"
)

// rowsWanted says which of the matched rows are sent: the first ones, and beside them, in brief, the newest and those
// asked for by their IDs.
type rowsWanted struct {
	limit int
	ids   []string
}

// newestShown is how many runs are drawn before the reader chooses some.
const newestShown = 10

// fill puts rows into the answer and sends it.
func (d *dashboard) fill(w http.ResponseWriter, answer *tableAnswer, asked tableQuery, rows []query.Row, wanted rowsWanted) error {
	groupOf := map[string]*int{}
	if len(asked.group) > 0 {
		groups, err := asked.group.Group(rows)
		if err != nil {
			return err
		}
		rows = rows[:0:0]
		for i, group := range groups {
			means, err := means(asked.columns, group.Rows)
			if err != nil {
				return err
			}
			answer.Groups = append(answer.Groups, groupJSON{groupLabel(asked.group, group.Values), len(group.Rows), means})
			for _, row := range group.Rows {
				groupOf[row.Run.ID] = &i
			}
			rows = append(rows, group.Rows...)
		}
	}
	brief := func(run *tracker.Run) runBrief {
		return runBrief{run.ID, run.Name, moment(run.Started), groupOf[run.ID]}
	}
	answer.Matched = len(rows)
	for _, row := range rows {
		answer.Alive = answer.Alive || row.Run.Status == tracker.Running
		if slices.Contains(wanted.ids, row.Run.ID) {
			answer.Chosen = append(answer.Chosen, brief(row.Run))
		}
	}
	for _, row := range newest(rows) {
		answer.Newest = append(answer.Newest, brief(row.Run))
	}
	now := d.options.Clock()
	var cells [][]any
	for _, row := range rows[:min(wanted.limit, len(rows))] {
		found, err := asked.columns.Values(row)
		if err != nil {
			return err
		}
		cells = append(cells, found)
		answer.Runs = append(answer.Runs, rowJSON{brief(row.Run), row.Run.Project, string(row.Run.Status), duration(row.Run, now).Seconds(), values(found)})
	}
	answer.Columns = make([]columnJSON, len(asked.columns))
	for i, column := range asked.columns {
		kind := kindOf(cells, i)
		answer.Columns[i] = columnJSON{Title: column.Title, Text: column.Text, Kind: kind, Number: kind == "number" || kind == "duration"}
	}
	return write(w, answer)
}

// newest returns the runs that started last, the newest first.
func newest(rows []query.Row) []query.Row {
	sorted := slices.SortedStableFunc(slices.Values(rows), func(a, b query.Row) int { return b.Run.Started.Compare(a.Run.Started) })
	return sorted[:min(newestShown, len(sorted))]
}

// groupLabel names a group by its values: "lr 5e-05, seed 1".
func groupLabel(by query.Columns, values []any) string {
	labels := make([]string, len(values))
	for i, v := range values {
		name := strings.TrimPrefix(strings.TrimPrefix(by[i].Title, "params."), "tags.")
		labels[i] = name + " " + cmp.Or(query.Text(v), "none")
	}
	return strings.Join(labels, ", ")
}

// means sums up the numbers of each column.
func means(columns query.Columns, rows []query.Row) ([]*spreadJSON, error) {
	all := make([]*spreadJSON, len(columns))
	for i, column := range columns {
		cells := make([]any, len(rows))
		for j, row := range rows {
			var err error
			if cells[j], err = column.Value(row); err != nil {
				return nil, err
			}
		}
		if s, ok := query.NewSpread(cells); ok {
			all[i] = &spreadJSON{s.Count, s.Mean, s.Std, s.Min, s.Max}
		}
	}
	return all, nil
}

// kindOf says what a column holds, if all that it holds is alike.
func kindOf(cells [][]any, column int) string {
	kind := ""
	for _, row := range cells {
		found := "text"
		switch row[column].(type) {
		case nil:
			continue
		case int64, float64:
			found = "number"
		case time.Time:
			found = "time"
		case time.Duration:
			found = "duration"
		}
		if kind != "" && kind != found {
			return "text"
		}
		kind = found
	}
	return cmp.Or(kind, "text")
}
