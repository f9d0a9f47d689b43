package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"time"

	"paperlab/tracker"
)

// SaveArtifact keeps the content, once for equal contents, and notes it in the run.
func (s *Store) SaveArtifact(ctx context.Context, run, name string, at time.Time, content io.Reader) (tracker.Artifact, error) {
	const op = "save artifact of run"
	clean, err := tracker.CleanArtifactName(name)
	if err != nil {
		return tracker.Artifact{}, explain(op, run, err)
	}
	artifact := tracker.Artifact{Name: clean, Time: at.Truncate(time.Millisecond).UTC()}
	err = s.withContent(ctx, op, run, content, func(t transaction, seq int64, c *incoming) error {
		artifact.Hash, artifact.Size = c.hash, c.size
		return t.exec("INSERT INTO artifacts (run, name, hash, size, time) VALUES (?, ?, ?, ?, ?)",
			seq, clean, c.hash, c.size, at.UnixMilli())
	})
	if err != nil {
		return tracker.Artifact{}, err
	}
	return artifact, nil
}

// RemoveArtifact takes all versions of this name out of the run.
func (s *Store) RemoveArtifact(ctx context.Context, run, name string) error {
	return s.write(ctx, "remove artifact of run", run, func(t transaction) error {
		seq, err := t.changing(run)
		if err != nil {
			return err
		}
		result, err := t.conn.ExecContext(t.ctx, "DELETE FROM artifacts WHERE run = ? AND name = ?", seq, tracker.CleanText(name))
		if err != nil {
			return err
		}
		if removed, err := result.RowsAffected(); err != nil || removed > 0 {
			return err
		}
		return fmt.Errorf("%w: it has no artifact %q", tracker.ErrNotFound, name)
	})
}

// Artifacts returns the run's artifacts in the order in which they were saved.
func (s *Store) Artifacts(ctx context.Context, run string) ([]tracker.Artifact, error) {
	var artifacts []tracker.Artifact
	err := s.read(ctx, "list artifacts of run", run, func(t transaction) error {
		seq, err := t.seq(run)
		if err != nil {
			return err
		}
		rows, err := t.query("SELECT name, hash, size, time FROM artifacts WHERE run = ? ORDER BY id", seq)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var a tracker.Artifact
			var at sql.NullInt64
			if err := rows.Scan(&a.Name, &a.Hash, &a.Size, &at); err != nil {
				return err
			}
			a.Time = timeOf(at)
			artifacts = append(artifacts, a)
		}
		return rows.Err()
	})
	return artifacts, err
}
