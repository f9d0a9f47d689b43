package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"paperlab/tracker"
)

// Log adds points to the run in one transaction.
func (s *Store) Log(ctx context.Context, run string, samples []tracker.Sample) error {
	const op = "log to run"
	batches, err := tracker.BySeries(samples)
	if err != nil {
		return explain(op, run, err)
	}
	return s.write(ctx, op, run, func(t transaction) error {
		seq, err := t.changing(run)
		if err != nil {
			return err
		}
		for _, b := range batches {
			if err := t.append(seq, b); err != nil {
				return err
			}
		}
		return nil
	})
}

// seq returns the row number of a run.
func (t transaction) seq(run string) (seq int64, err error) {
	err = t.row("SELECT seq FROM runs WHERE id = ?", run).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errNoRun
	}
	return seq, err
}

// append adds a batch to its series and brings the summary up to date.
func (t transaction) append(run int64, b tracker.Batch) error {
	id, logged, summary, err := t.summary(run, b.Key, b.Context)
	if err != nil {
		return err
	}
	stale := false
	order := make([]int64, len(b.Points))
	for i, p := range b.Points {
		if !p.After(summary.Last) {
			order[i] = logged
		}
		stale = summary.Add(p) || stale
		logged++
	}
	if err := t.insertPoints(id, order, b.Points); err != nil {
		return err
	}
	if stale {
		if err := t.recount(id, summary); err != nil {
			return err
		}
	}
	last := summary.Last
	return t.exec(`
		UPDATE series SET logged = ?, count = ?, last_step = ?, last_time = ?, last_session = ?, last_value = ?,
			min_value = ?, max_value = ?, first_step = ?, resumed = ?
		WHERE id = ?`,
		logged, summary.Count, last.Step, last.Time.UnixMilli(), last.Session, last.Value,
		summary.Min, summary.Max, summary.First, summary.Resumed, id)
}

// summary returns a series of the run, its row number and how many points were ever logged to it, creating it if need be.
func (t transaction) summary(run int64, key string, context tracker.Context) (id, logged int64, _ *tracker.Series, err error) {
	series := &tracker.Series{}
	err = scanSeries(t.row(`
		SELECT id, logged, '', `+summaryColumns+`
		FROM series WHERE run = ? AND key = ? AND context = ?`, run, key, string(context)), &id, &logged, series)
	if errors.Is(err, sql.ErrNoRows) {
		err = t.row(`
			INSERT INTO series (run, key, context, logged, count, last_step, last_time, last_session, first_step, resumed)
			VALUES (?, ?, ?, 0, 0, 0, 0, 0, 0, 0) RETURNING id`, run, key, string(context)).Scan(&id)
	}
	return id, logged, series, err
}

// recount computes the parts of the summary that hidden points change: see [tracker.Curve] for what hides them.
func (t transaction) recount(id int64, s *tracker.Series) error {
	var low, high sql.NullFloat64
	err := t.row(`
		WITH sessions AS MATERIALIZED (
			SELECT session, min(step) AS first FROM points WHERE series = ?1 GROUP BY session)
		SELECT count(*), min(value), max(value) FROM points AS p
		WHERE series = ?1 AND NOT EXISTS (SELECT 1 FROM sessions AS s WHERE s.session > p.session AND s.first <= p.step)`,
		id).Scan(&s.Count, &low, &high)
	s.Min, s.Max = number(low), number(high)
	return err
}

// rowsPerInsert is how many points go into one statement: each statement has a cost of its own.
const rowsPerInsert = 100

var insertOne, insertMany = insertPointsSQL(1), insertPointsSQL(rowsPerInsert)

// insertPointsSQL takes the series, then what is each point's own. SQLite makes NULL of NaN, and so the flag needs no argument.
func insertPointsSQL(rows int) string {
	values := make([]string, rows)
	for i := range values {
		n := 2 + 5*i
		values[i] = fmt.Sprintf("(?1, ?%d, ?%d, ?%d, ?%d, ?%d, ?%d IS NULL)", n, n+1, n+2, n+3, n+4, n+4)
	}
	return "INSERT INTO points (series, session, step, seq, time, value, flag) VALUES " + strings.Join(values, ", ")
}

func (t transaction) insertPoints(series int64, order []int64, points []tracker.Point) error {
	args := make(arguments, 0, 1+5*min(rowsPerInsert, len(points)))
	for len(points) > 0 {
		rows, query := 1, insertOne
		if len(points) >= rowsPerInsert {
			rows, query = rowsPerInsert, insertMany
		}
		args = args[:0]
		args.add(series)
		for i, p := range points[:rows] {
			args.add(p.Session, p.Step, order[i], p.Time.UnixMilli(), p.Value)
		}
		if err := t.bulk(query, args, nil); err != nil {
			return err
		}
		points, order = points[rows:], order[rows:]
	}
	return nil
}
