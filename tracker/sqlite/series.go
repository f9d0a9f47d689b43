package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"paperlab/tracker"
)

const summaryColumns = `key, context, count, last_step, last_time, last_session, last_value, min_value, max_value, first_step, resumed`

// Series returns the summaries of all series of these runs.
func (s *Store) Series(ctx context.Context, runs ...string) ([]tracker.Series, error) {
	var all []tracker.Series
	err := s.read(ctx, "list series in", s.path, func(t transaction) error {
		ids, err := json.Marshal(runs)
		if err != nil {
			return err
		}
		rows, err := t.query(`
			SELECT series.id, logged, runs.id, `+summaryColumns+`
			FROM runs JOIN series ON series.run = runs.seq
			WHERE runs.id IN (SELECT value FROM json_each(?))
			ORDER BY runs.id, key, context`, string(ids))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var series tracker.Series
			var id, logged int64
			if err := scanSeries(rows, &id, &logged, &series); err != nil {
				return err
			}
			all = append(all, series)
		}
		return rows.Err()
	})
	return all, err
}

// scanSeries reads the row number, the points ever logged, the run's ID and the summaryColumns.
func scanSeries(row interface{ Scan(...any) error }, id, logged *int64, s *tracker.Series) error {
	var at sql.NullInt64
	var last, low, high sql.NullFloat64
	err := row.Scan(id, logged, &s.Run, &s.Key, &s.Context, &s.Count,
		&s.Last.Step, &at, &s.Last.Session, &last, &low, &high, &s.First, &s.Resumed)
	s.Last.Time, s.Last.Value, s.Min, s.Max = timeOf(at), number(last), number(low), number(high)
	return err
}

// Points returns all points of one series, ordered by session, step and logging.
func (s *Store) Points(ctx context.Context, run, key string, context tracker.Context) ([]tracker.Point, error) {
	var points []tracker.Point
	err := s.eachPoint(ctx, run, key, context, func(logged int64) { points = make([]tracker.Point, 0, logged) }, func(p tracker.Point) error {
		points = append(points, p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return points, nil
}

// EachPoints gives the points of one series in pieces.
func (s *Store) EachPoints(ctx context.Context, run, key string, context tracker.Context, yield func([]tracker.Point) error) error {
	pieces := tracker.NewPieces(yield)
	if err := s.eachPoint(ctx, run, key, context, pieces.Grow, pieces.Add); err != nil {
		return err
	}
	return pieces.Flush()
}

// eachPoint says how many points were ever logged to the series, if there is one, and gives them one by one.
func (s *Store) eachPoint(ctx context.Context, run, key string, context tracker.Context, begin func(logged int64), each func(tracker.Point) error) error {
	return s.read(ctx, "read points of run", run, func(t transaction) error {
		seq, err := t.seq(run)
		if err != nil {
			return err
		}
		var series, logged int64
		err = t.row("SELECT id, logged FROM series WHERE run = ? AND key = ? AND context = ?",
			seq, tracker.CleanText(key), string(context)).Scan(&series, &logged)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		begin(logged)
		return t.eachPoint(series, each)
	})
}

func (t transaction) eachPoint(series int64, each func(tracker.Point) error) error {
	const query = "SELECT session, step, time, value FROM points WHERE series = ? ORDER BY session, step, seq"
	var args arguments
	args.add(series)
	return t.bulk(query, args, func(row []driver.Value) error {
		var p tracker.Point
		var at int64
		var ok1, ok2, ok3, ok4 bool
		p.Session, ok1 = row[0].(int64)
		p.Step, ok2 = row[1].(int64)
		at, ok3 = row[2].(int64)
		if p.Value, ok4 = row[3].(float64); row[3] == nil {
			p.Value, ok4 = math.NaN(), true
		}
		if !ok1 || !ok2 || !ok3 || !ok4 {
			return fmt.Errorf("%w: a point is %v", tracker.ErrCorrupt, row)
		}
		p.Time = time.UnixMilli(at).UTC()
		return each(p)
	})
}
