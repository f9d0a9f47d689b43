package postgres

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

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
	err = s.withContent(ctx, op, run, content, func(tx pgx.Tx, seq int64, c *incoming) error {
		artifact.Hash, artifact.Size = c.hash, c.size
		_, err := tx.Exec(ctx, "INSERT INTO artifacts (run, name, hash, size, time) VALUES ($1, $2, $3, $4, $5)",
			seq, clean, c.hash, c.size, at.UnixMilli())
		return err
	})
	if err != nil {
		return tracker.Artifact{}, err
	}
	return artifact, nil
}

// RemoveArtifact takes all versions of this name out of the run.
func (s *Store) RemoveArtifact(ctx context.Context, run, name string) error {
	return s.write(ctx, "remove artifact of run", run, func(tx pgx.Tx) error {
		seq, err := changing(ctx, tx, run)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, "DELETE FROM artifacts WHERE run = $1 AND name = $2", seq, tracker.CleanText(name))
		if err == nil && tag.RowsAffected() == 0 {
			return fmt.Errorf("%w: it has no artifact %q", tracker.ErrNotFound, name)
		}
		return err
	})
}

// Artifacts returns the run's artifacts in the order in which they were saved.
func (r reader) Artifacts(ctx context.Context, run string) ([]tracker.Artifact, error) {
	var artifacts []tracker.Artifact
	err := r.read(ctx, "list artifacts of run", run, func(tx pgx.Tx) error {
		seq, err := seqOf(ctx, tx, run)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, "SELECT name, hash, size, time FROM artifacts WHERE run = $1 ORDER BY id", seq)
		if err != nil {
			return err
		}
		artifacts, err = pgx.AppendRows(artifacts, rows, func(row pgx.CollectableRow) (a tracker.Artifact, err error) {
			var at pgtype.Int8
			err = row.Scan(&a.Name, &a.Hash, &a.Size, &at)
			a.Time = timeOf(at)
			return a, err
		})
		return err
	})
	return artifacts, err
}
