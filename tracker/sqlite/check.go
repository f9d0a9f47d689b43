package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"paperlab/tracker"
)

// Check asks SQLite to check the file (integrity, foreign keys), compares the summaries of all series with their points,
// decodes all runs, and hashes all contents. It reads everything once or twice.
func (s *Store) Check(ctx context.Context) ([]string, error) {
	c := &check{store: s}
	for _, part := range []struct {
		name string
		look func(transaction) error
	}{
		{"the file", c.integrity},
		{"references between tables", c.references},
		{"the runs", c.runs},
		{"the points", c.points},
		{"the contents of artifacts and images", c.contents},
	} {
		err := s.read(ctx, "check", s.path, part.look)
		if errors.Is(err, tracker.ErrCorrupt) {
			c.found("%s cannot be read whole: %v", part.name, errors.Unwrap(err))
		} else if err != nil {
			return c.findings, err
		}
	}
	return c.findings, nil
}

type check struct {
	store    *Store
	findings []string
}

func (c *check) found(format string, args ...any) {
	c.findings = append(c.findings, fmt.Sprintf(format, args...))
}

func (c *check) integrity(t transaction) error {
	rows, err := t.query("PRAGMA integrity_check")
	if err != nil {
		return err
	}
	messages, err := scanAll[string](rows)
	for _, message := range messages {
		if message != "ok" {
			c.found("the file: %s", message)
		}
	}
	return err
}

func (c *check) references(t transaction) error {
	rows, err := t.query(`SELECT "table" || ' names a ' || parent || ' row that is not there' FROM pragma_foreign_key_check`)
	if err != nil {
		return err
	}
	broken, err := scanAll[string](rows)
	c.findings = append(c.findings, broken...)
	return err
}

func (c *check) runs(t transaction) error {
	if _, _, err := t.runs("''", ""); err != nil {
		return err
	}
	rows, err := t.query("SELECT id FROM runs WHERE project NOT IN (SELECT name FROM projects) OR seq NOT IN (SELECT run FROM changes)")
	if err != nil {
		return err
	}
	ids, err := scanAll[string](rows)
	for _, id := range ids {
		c.found("run %s: its project or its revision is missing", id)
	}
	return err
}

func (c *check) points(t transaction) error {
	// From one series to the next along the index, without reading all points.
	rows, err := t.query(`
		WITH RECURSIVE ids (id) AS (
			SELECT min(series) FROM points
			UNION ALL SELECT (SELECT min(series) FROM points WHERE series > id) FROM ids WHERE id IS NOT NULL)
		SELECT id FROM ids WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM series)`)
	if err != nil {
		return err
	}
	orphans, err := scanAll[int64](rows)
	if err != nil {
		return err
	}
	for _, id := range orphans {
		c.found("the points: there are some of series %d, which is not there", id)
	}
	rows, err = t.query("SELECT id FROM series ORDER BY id")
	if err != nil {
		return err
	}
	ids, err := scanAll[int64](rows)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := c.series(t, id); err != nil {
			return err
		}
	}
	return nil
}

// series compares a summary with what the points say.
func (c *check) series(t transaction, id int64) error {
	var stored, counted tracker.Series
	var logged, there int64
	err := scanSeries(t.row(`
		SELECT series.id, logged, runs.id, `+summaryColumns+`
		FROM series JOIN runs ON series.run = runs.seq WHERE series.id = ?`, id), &id, &logged, &stored)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // its run is missing, which was found already
	}
	if err != nil {
		return err
	}
	counted.Run, counted.Key, counted.Context = stored.Run, stored.Key, stored.Context
	if err := t.row("SELECT count(*) FROM points WHERE series = ?", id).Scan(&there); err != nil {
		return err
	}
	if err := t.last(id, &counted); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err := t.recount(id, &counted); err != nil {
		return err
	}
	if there != logged {
		c.found("series %s of run %s: %d points were logged, %d are there", stored.Key, stored.Run, logged, there)
	} else if !stored.Equal(counted) {
		c.found("series %s of run %s: its summary is not that of its points", stored.Key, stored.Run)
	}
	return nil
}

// last fills in what the summary of a series says of its last session.
func (t transaction) last(id int64, s *tracker.Series) error {
	var at sql.NullInt64
	var value sql.NullFloat64
	err := t.row("SELECT session, step, time, value FROM points WHERE series = ? ORDER BY session DESC, step DESC, seq DESC LIMIT 1", id).
		Scan(&s.Last.Session, &s.Last.Step, &at, &value)
	if err != nil {
		return err
	}
	s.Last.Time, s.Last.Value = timeOf(at), number(value)
	return t.row(`
		SELECT (SELECT min(step) FROM points WHERE series = ?1 AND session = ?2), EXISTS (SELECT 1 FROM points WHERE series = ?1 AND session < ?2)`,
		id, s.Last.Session).Scan(&s.First, &s.Resumed)
}

func (c *check) contents(t transaction) error {
	rows, err := t.query("SELECT hash, max(size) FROM (SELECT hash, size FROM artifacts UNION SELECT hash, size FROM images) GROUP BY hash ORDER BY hash")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var hash string
		var size int64
		if err := rows.Scan(&hash, &size); err != nil {
			return err
		}
		if err := c.content(t.ctx, hash, size); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (c *check) content(ctx context.Context, hash string, size int64) error {
	file, err := c.store.OpenArtifact(ctx, hash)
	if err != nil {
		c.found("content %s: %v", hash, errors.Unwrap(err))
		return nil
	}
	defer file.Close()
	sum := sha256.New()
	read, err := io.Copy(sum, cancelled{ctx, file})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		c.found("content %s: %v", hash, err)
	case read != size:
		c.found("content %s: %d bytes long, not %d", hash, read, size)
	case hex.EncodeToString(sum.Sum(nil)) != hash:
		c.found("content %s: its hash is %x", hash, sum.Sum(nil))
	}
	return nil
}
