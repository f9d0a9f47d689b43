package web

import (
	"net/http"
	"strconv"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/query"
	"paperlab/tracker/runs"
)

// rowsShown is how many rows of the table are sent unless more are asked for.
const rowsShown = 100

// tableAnswer is the table of runs. Matched runs are those that the filter lets through, of which as many as were asked
// for are there.
type tableAnswer struct {
	Total   int          `json:"total"`
	Matched int          `json:"matched"`
	Columns []columnJSON `json:"columns"`
	Runs    []rowJSON    `json:"runs"`
	Groups  []groupJSON  `json:"groups,omitempty"`
	Newest  []runBrief   `json:"newest"`  // of the matched ones
	Chosen  []runBrief   `json:"chosen"`  // those asked for by name, in the table or not
	Known   []string     `json:"known"`   // expressions that may be columns
	Unknown []string     `json:"unknown"` // what the filter names and no run has, a sentence each, if it lets none through
	Alive   bool         `json:"alive"`   // a run is going on
}

type columnJSON struct {
	Title  string `json:"title"`
	Text   string `json:"expression"`
	Kind   string `json:"kind"` // number, time, duration or text
	Number bool   `json:"number"`
}

type runBrief struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Started any    `json:"started"`
	Group   *int   `json:"group,omitempty"` // of the groups, where there are any
}

type rowJSON struct {
	runBrief
	Project string  `json:"project"`
	Status  string  `json:"status"`
	Seconds float64 `json:"seconds"` // that it took, or has taken until now
	Values  []any   `json:"values"`  // one a column
}

type groupJSON struct {
	Label string        `json:"label"`
	Count int           `json:"count"`
	Means []*spreadJSON `json:"means"` // one a column, null where there are no numbers
}

type spreadJSON struct {
	Count int     `json:"count"`
	Mean  float64 `json:"mean"`
	Std   float64 `json:"std"`
	Min   float64 `json:"min"`
	Max   float64 `json:"max"`
}

// table answers with the runs that fulfil filter, in the order of sort, with these columns, in these groups. bin=1 asks
// for those in the bin.
func (d *dashboard) table(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	asked, err := parseTable(q.Get("filter"), q.Get("sort"), q.Get("columns"), q.Get("group"))
	if err != nil {
		return err
	}
	summaries, err := runs.List(r.Context(), d.store, tracker.RunFilter{Deleted: q.Get("bin") == "1"})
	if err != nil {
		return err
	}
	rows := d.rows(r, summaries)
	answer := tableAnswer{Total: len(rows), Known: known(rows), Runs: []rowJSON{}, Newest: []runBrief{}, Chosen: []runBrief{}}
	if q.Get("columns") == "" {
		if asked.columns, err = query.ParseColumns(usual(summaries)); err != nil {
			return err
		}
	}
	matched, err := asked.choose(rows)
	if err != nil {
		return err
	}
	if len(matched) == 0 {
		answer.Unknown = asked.filter.Unknown(rows)
	}
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil || limit < 1 {
		limit = rowsShown
	}
	return d.fill(w, &answer, asked, matched, rowsWanted{limit, q["run"]})
}

// rows makes rows of runs. Points are read where an expression asks for them.
func (d *dashboard) rows(r *http.Request, summaries []runs.Summary) []query.Row {
	now := d.options.Clock()
	rows := make([]query.Row, len(summaries))
	for i, s := range summaries {
		rows[i] = query.NewRow(s.Run, s.Series, now, func(key string, context tracker.Context) ([]tracker.Point, error) {
			return d.store.Points(r.Context(), s.Run.ID, key, context)
		})
	}
	return rows
}

// tableQuery is what the reader entered.
type tableQuery struct {
	filter  *query.Filter
	sort    query.Sort
	columns query.Columns
	group   query.Columns
}

func parseTable(filter, sort, columns, group string) (q tableQuery, err error) {
	if q.filter, err = query.Parse(filter); err != nil {
		return q, fieldError{"filter", err}
	}
	if q.sort, err = query.ParseSort(sort); err != nil {
		return q, fieldError{"sort", err}
	}
	if q.columns, err = query.ParseColumns(columns); err != nil {
		return q, fieldError{"columns", err}
	}
	if q.group, err = query.ParseColumns(group); err != nil {
		return q, fieldError{"group", err}
	}
	return q, nil
}

// choose filters and sorts.
func (q tableQuery) choose(rows []query.Row) ([]query.Row, error) {
	matched := rows[:0:0]
	for _, row := range rows {
		ok, err := q.filter.Match(row)
		if err != nil {
			return nil, err
		}
		if ok {
			matched = append(matched, row)
		}
	}
	return matched, q.sort.Rows(matched)
}

// duration is how long a run took, or has taken until now.
func duration(run *tracker.Run, now time.Time) time.Duration {
	end := run.Ended
	if end.IsZero() {
		end = now
	}
	return max(0, end.Sub(run.Started))
}
