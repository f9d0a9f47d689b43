package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"paperlab/tracker"
)

// Log adds points to the run in one transaction: few of them in the statements that bring the summaries up to date, many
// by COPY.
func (s *Store) Log(ctx context.Context, run string, samples []tracker.Sample) error {
	const op = "log to run"
	batches, err := tracker.BySeries(samples)
	if err != nil {
		return explain(op, run, err)
	}
	return s.write(ctx, op, run, func(tx pgx.Tx) error {
		series, err := seriesOf(ctx, tx, run, batches)
		if err != nil {
			return err
		}
		add := &addition{}
		for i, b := range batches {
			add.points(series[i], b.Points)
		}
		return add.write(ctx, tx)
	})
}

// seriesOf locks the run and returns the series that the batches are for, made where they are missing. That goes to the
// server in one piece.
func seriesOf(ctx context.Context, tx pgx.Tx, run string, batches []tracker.Batch) ([]*stored, error) {
	type name struct {
		key     string
		context tracker.Context
	}
	index := make(map[name]int, len(batches))
	keys, contexts := make([]string, len(batches)), make([]string, len(batches))
	for i, b := range batches {
		index[name{b.Key, b.Context}] = i
		keys[i], contexts[i] = b.Key, string(b.Context)
	}
	series := make([]*stored, len(batches))
	queue := &pgx.Batch{}
	var seq int64
	queue.Queue(touch, run).QueryRow(func(row pgx.Row) error { return noRun(row.Scan(&seq)) })
	queue.Queue(`
		INSERT INTO series (run, key, context, logged, count, last_step, last_time, last_session, last_value, min_value, max_value, first_step, resumed)
		SELECT seq, key, context, 0, 0, 0, 0, 0, 'NaN', 'NaN', 'NaN', 0, false
		FROM runs, unnest($2::text[], $3::text[]) AS wanted (key, context)
		WHERE id = $1 AND NOT EXISTS (
			SELECT 1 FROM series WHERE run = seq AND series.key = wanted.key AND series.context = wanted.context)
		ORDER BY key, context`, run, keys, contexts)
	queue.Queue(`
		SELECT series.id, logged, '', `+summaryColumns+` FROM series
		WHERE run = (SELECT seq FROM runs WHERE id = $1) AND (key, context) IN (SELECT * FROM unnest($2::text[], $3::text[]))`,
		run, keys, contexts).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			s, err := scanSeries(rows)
			if err != nil {
				return err
			}
			series[index[name{s.Key, s.Context}]] = &s
		}
		return rows.Err()
	})
	return series, tx.SendBatch(ctx, queue).Close()
}

// addition is what a call adds to series, column by column.
type addition struct {
	series                         []*stored
	stale                          []int // series whose summaries must be counted again
	ids, sessions, steps, seqs, at []int64
	values                         []float64
}

// points adds points to a series and brings its summary up to date.
func (a *addition) points(s *stored, points []tracker.Point) {
	stale := false
	for _, p := range points {
		seq := int64(0)
		if !p.After(s.Last) {
			seq = s.logged
		}
		a.ids, a.sessions, a.steps = append(a.ids, s.id), append(a.sessions, p.Session), append(a.steps, p.Step)
		a.seqs, a.at, a.values = append(a.seqs, seq), append(a.at, p.Time.UnixMilli()), append(a.values, p.Value)
		stale = s.Add(p) || stale
		s.logged++
	}
	if stale {
		a.stale = append(a.stale, len(a.series))
	}
	a.series = append(a.series, s)
}

// fewPoints go with a statement; for more, COPY's extra exchange with the server pays.
const fewPoints = 200

func (a *addition) write(ctx context.Context, tx pgx.Tx) error {
	columns := []string{"series", "session", "step", "seq", "time", "value"}
	queue := &pgx.Batch{}
	if len(a.ids) <= fewPoints {
		queue.Queue(`
			INSERT INTO points (series, session, step, seq, time, value)
			SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::double precision[])`,
			a.ids, a.sessions, a.steps, a.seqs, a.at, a.values)
	} else if _, err := tx.CopyFrom(ctx, pgx.Identifier{"points"}, columns, pgx.CopyFromSlice(len(a.ids), func(i int) ([]any, error) {
		return []any{a.ids[i], a.sessions[i], a.steps[i], a.seqs[i], a.at[i], a.values[i]}, nil
	})); err != nil {
		return err
	}
	for _, i := range a.stale {
		s := a.series[i]
		queue.Queue(recount, s.id).QueryRow(func(row pgx.Row) error { return row.Scan(&s.Count, &s.Min, &s.Max) })
	}
	if len(a.stale) > 0 {
		if err := tx.SendBatch(ctx, queue).Close(); err != nil {
			return err
		}
		queue = &pgx.Batch{}
	}
	for _, s := range a.series {
		queue.Queue(`
			UPDATE series SET logged = $2, count = $3, last_step = $4, last_time = $5, last_session = $6, last_value = $7,
				min_value = $8, max_value = $9, first_step = $10, resumed = $11
			WHERE id = $1`,
			s.id, s.logged, s.Count, s.Last.Step, s.Last.Time.UnixMilli(), s.Last.Session, s.Last.Value, s.Min, s.Max, s.First, s.Resumed)
	}
	return tx.SendBatch(ctx, queue).Close()
}

// recount computes the parts of a summary that hidden points change: see [tracker.Curve] for what hides them.
const recount = `
	WITH sessions AS MATERIALIZED (
		SELECT session, min(step) AS first FROM points WHERE series = $1 GROUP BY session)
	SELECT count(*),
		coalesce(min(value) FILTER (WHERE value <> 'NaN'), 'NaN'), coalesce(max(value) FILTER (WHERE value <> 'NaN'), 'NaN')
	FROM points AS p
	WHERE series = $1 AND NOT EXISTS (SELECT 1 FROM sessions AS s WHERE s.session > p.session AND s.first <= p.step)`
