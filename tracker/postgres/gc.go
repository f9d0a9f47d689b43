package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"paperlab/tracker"
)

// GC empties the bin, each run in a transaction of its own, removes contents that nothing refers to, and lets PostgreSQL
// mark the space as free, which readers and writers do not notice. Bytes is what was removed: PostgreSQL gives space at
// the end of its files back to the disk and uses the rest itself (VACUUM FULL gives all of it back, and locks).
func (s *Store) GC(ctx context.Context, before time.Time) (tracker.Collected, error) {
	const op = "collect garbage in"
	var c tracker.Collected
	var seqs []int64
	err := s.read(ctx, op, s.where, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, "SELECT seq FROM runs WHERE deleted < $1 ORDER BY seq", before.UnixMilli())
		if err != nil {
			return err
		}
		seqs, err = pgx.AppendRows(seqs, rows, pgx.RowTo[int64])
		return err
	})
	if err != nil {
		return c, err
	}
	for _, seq := range seqs {
		var removed tracker.Collected
		err := s.write(ctx, op, s.where, func(tx pgx.Tx) (err error) {
			removed, err = removeRun(ctx, tx, seq, before.UnixMilli())
			return err
		})
		if err != nil {
			return c, err
		}
		c.Runs, c.Points, c.Bytes = c.Runs+removed.Runs, c.Points+removed.Points, c.Bytes+removed.Bytes
	}
	err = s.write(ctx, op, s.where, func(tx pgx.Tx) error {
		bytes, err := removeContents(ctx, tx, before.UnixMilli())
		c.Bytes += bytes
		return err
	})
	if err != nil || c == (tracker.Collected{}) {
		return c, err
	}
	if _, err := s.pool.Exec(ctx, "VACUUM points, series, texts, tables, images, histograms, console, artifacts, contents, chunks, runs"); err != nil {
		return c, explain(op, s.where, err)
	}
	return c, nil
}

// removeRun removes a run with all that it logged, unless it was taken out of the bin meanwhile.
func removeRun(ctx context.Context, tx pgx.Tx, seq, before int64) (c tracker.Collected, err error) {
	if _, err := tx.Exec(ctx, "SELECT 1 FROM changes WHERE run = $1 FOR UPDATE", seq); err != nil {
		return c, err
	}
	tag, err := tx.Exec(ctx, `
		DELETE FROM points WHERE series IN (SELECT series.id FROM series JOIN runs ON run = seq WHERE seq = $1 AND deleted < $2)`,
		seq, before)
	if err != nil {
		return c, err
	}
	c.Points = tag.RowsAffected()
	tag, err = tx.Exec(ctx, "DELETE FROM runs WHERE seq = $1 AND deleted < $2", seq, before)
	c.Runs = int(tag.RowsAffected())
	c.Bytes = c.Points * bytesPerPoint
	return c, err
}

// bytesPerPoint is what a point takes in the table and in its index, measured on ten million.
const bytesPerPoint = 126

// removeContents removes contents that no row names and projects that have no run left, and returns the bytes of the
// contents. Nobody can add a row that names a content meanwhile.
func removeContents(ctx context.Context, tx pgx.Tx, before int64) (bytes int64, err error) {
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", contentLock); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `
		WITH removed AS (
			DELETE FROM contents WHERE NOT EXISTS (SELECT 1 FROM artifacts WHERE artifacts.hash = contents.hash)
				AND NOT EXISTS (SELECT 1 FROM images WHERE images.hash = contents.hash)
			RETURNING size)
		SELECT coalesce(sum(size), 0)::bigint FROM removed`).Scan(&bytes)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, "DELETE FROM projects WHERE deleted < $1 AND NOT EXISTS (SELECT 1 FROM runs WHERE project = projects.name)", before)
	return bytes, err
}
