package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"paperlab/tracker"
)

const summaryColumns = `key, context, count, last_step, last_time, last_session, last_value, min_value, max_value, first_step, resumed`

// Series returns the summaries of all series of these runs.
func (r reader) Series(ctx context.Context, runs ...string) ([]tracker.Series, error) {
	var all []tracker.Series
	err := r.read(ctx, "list series in", r.where, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT series.id, logged, runs.id, `+summaryColumns+`
			FROM runs JOIN series ON series.run = runs.seq
			WHERE runs.id = ANY ($1)
			ORDER BY runs.id COLLATE "C", key, context`, runs)
		if err != nil {
			return err
		}
		all, err = pgx.AppendRows(all, rows, func(row pgx.CollectableRow) (tracker.Series, error) {
			s, err := scanSeries(row)
			return s.Series, err
		})
		return err
	})
	return all, err
}

// stored is a series as it is in the database.
type stored struct {
	tracker.Series
	id, logged int64 // row number; points ever logged
}

// scanSeries reads the row number, the points ever logged, the run's ID and the summaryColumns.
func scanSeries(row pgx.Row) (s stored, err error) {
	var at pgtype.Int8
	err = row.Scan(&s.id, &s.logged, &s.Run, &s.Key, &s.Context, &s.Count,
		&s.Last.Step, &at, &s.Last.Session, &s.Last.Value, &s.Min, &s.Max, &s.First, &s.Resumed)
	s.Last.Time = timeOf(at)
	return s, err
}

// Points returns all points of one series, ordered by session, step and logging.
func (r reader) Points(ctx context.Context, run, key string, context tracker.Context) ([]tracker.Point, error) {
	var points []tracker.Point
	err := r.eachPoint(ctx, run, key, context, func(logged int64) { points = make([]tracker.Point, 0, logged) }, func(p tracker.Point) error {
		points = append(points, p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return points, nil
}

// EachPoints gives the points of one series in pieces.
func (r reader) EachPoints(ctx context.Context, run, key string, context tracker.Context, yield func([]tracker.Point) error) error {
	pieces := tracker.NewPieces(yield)
	if err := r.eachPoint(ctx, run, key, context, pieces.Grow, pieces.Add); err != nil {
		return err
	}
	return pieces.Flush()
}

// eachPoint says how many points were ever logged to the series, if there is one, and gives them one by one.
func (r reader) eachPoint(ctx context.Context, run, key string, context tracker.Context, begin func(logged int64), each func(tracker.Point) error) error {
	return r.read(ctx, "read points of run", run, func(tx pgx.Tx) error {
		seq, err := seqOf(ctx, tx, run)
		if err != nil {
			return err
		}
		var series, logged int64
		err = tx.QueryRow(ctx, "SELECT id, logged FROM series WHERE run = $1 AND key = $2 AND context = $3",
			seq, tracker.CleanText(key), string(context)).Scan(&series, &logged)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		begin(logged)
		rows, err := tx.Query(ctx, "SELECT session, step, time, value FROM points WHERE series = $1 ORDER BY session, step, seq", series)
		if err != nil {
			return err
		}
		var p tracker.Point
		var at int64
		_, err = pgx.ForEachRow(rows, []any{&p.Session, &p.Step, &at, &p.Value}, func() error {
			p.Time = time.UnixMilli(at).UTC()
			return each(p)
		})
		return err
	})
}
