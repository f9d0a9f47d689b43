package postgres

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"paperlab/tracker"
)

// Check compares the summaries of all series with their points, decodes all runs, and hashes all contents. PostgreSQL
// sees to the references between its tables itself, and to its files where it was told to (data checksums).
func (s *Store) Check(ctx context.Context) ([]string, error) {
	c := &check{}
	for _, part := range []struct {
		name string
		look func(context.Context, pgx.Tx) error
	}{
		{"the runs", c.runs}, {"the points", c.points}, {"the contents of artifacts and images", c.contents},
	} {
		err := s.read(ctx, "check", s.where, func(tx pgx.Tx) error { return part.look(ctx, tx) })
		if errors.Is(err, tracker.ErrCorrupt) {
			c.found("%s cannot be read whole: %v", part.name, errors.Unwrap(err))
		} else if err != nil {
			return c.findings, err
		}
	}
	return c.findings, nil
}

type check struct {
	findings []string
}

func (c *check) found(format string, args ...any) {
	c.findings = append(c.findings, fmt.Sprintf(format, args...))
}

func (c *check) runs(ctx context.Context, tx pgx.Tx) error {
	_, _, err := readRuns(ctx, tx, "''", "")
	return err
}

func (c *check) points(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `
		WITH RECURSIVE ids (id) AS (
			SELECT min(series) FROM points
			UNION ALL SELECT (SELECT min(series) FROM points WHERE series > id) FROM ids WHERE id IS NOT NULL)
		SELECT id FROM ids WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM series)`)
	if err != nil {
		return err
	}
	orphans, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	for _, id := range orphans {
		c.found("the points: there are some of series %d, which is not there", id)
	}
	rows, err = tx.Query(ctx, `
		SELECT series.id, logged, runs.id, `+summaryColumns+` FROM series JOIN runs ON series.run = runs.seq ORDER BY series.id`)
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (stored, error) { return scanSeries(row) })
	if err != nil {
		return err
	}
	for _, s := range all {
		if err := c.series(ctx, tx, s); err != nil {
			return err
		}
	}
	return nil
}

// series compares a summary with what the points say.
func (c *check) series(ctx context.Context, tx pgx.Tx, s stored) error {
	counted := tracker.Series{Run: s.Run, Key: s.Key, Context: s.Context}
	var there int64
	var at pgtype.Int8
	batch := &pgx.Batch{}
	batch.Queue(recount, s.id).QueryRow(func(row pgx.Row) error { return row.Scan(&counted.Count, &counted.Min, &counted.Max) })
	batch.Queue("SELECT count(*) FROM points WHERE series = $1", s.id).QueryRow(func(row pgx.Row) error { return row.Scan(&there) })
	batch.Queue(`
		SELECT session, step, time, value,
			(SELECT min(step) FROM points AS f WHERE f.series = p.series AND f.session = p.session),
			EXISTS (SELECT 1 FROM points AS o WHERE o.series = p.series AND o.session < p.session)
		FROM points AS p WHERE series = $1 ORDER BY session DESC, step DESC, seq DESC LIMIT 1`, s.id).QueryRow(func(row pgx.Row) error {
		err := row.Scan(&counted.Last.Session, &counted.Last.Step, &at, &counted.Last.Value, &counted.First, &counted.Resumed)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return err
	}
	counted.Last.Time = timeOf(at)
	if there != s.logged {
		c.found("series %s of run %s: %d points were logged, %d are there", s.Key, s.Run, s.logged, there)
	} else if !s.Series.Equal(counted) {
		c.found("series %s of run %s: its summary is not that of its points", s.Key, s.Run)
	}
	return nil
}

// contents are hashed by the server, but for those of several pieces.
func (c *check) contents(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, "SELECT hash, size FROM contents ORDER BY hash")
	if err != nil {
		return err
	}
	var hash string
	var size int64
	sizes := map[string]int64{}
	if _, err := pgx.ForEachRow(rows, []any{&hash, &size}, func() error { sizes[hash] = size; return nil }); err != nil {
		return err
	}
	for hash, size := range sizes {
		if err := c.content(ctx, tx, hash, size); err != nil {
			return err
		}
	}
	return nil
}

func (c *check) content(ctx context.Context, tx pgx.Tx, hash string, size int64) error {
	rows, err := tx.Query(ctx, "SELECT body FROM chunks WHERE hash = $1 ORDER BY number", hash)
	if err != nil {
		return err
	}
	var body []byte
	var read int64
	sum := sha256.New()
	_, err = pgx.ForEachRow(rows, []any{&body}, func() error {
		read += int64(len(body))
		sum.Write(body)
		return nil
	})
	switch got := fmt.Sprintf("%x", sum.Sum(nil)); {
	case err != nil:
		return err
	case read != size:
		c.found("content %s: %d bytes long, not %d", hash, read, size)
	case got != hash:
		c.found("content %s: its hash is %s", hash, got)
	}
	return nil
}
