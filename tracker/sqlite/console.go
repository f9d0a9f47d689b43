package sqlite

import (
	"context"
	"database/sql"

	"paperlab/tracker"
)

// AddConsole adds to what the run wrote to its terminal.
func (s *Store) AddConsole(ctx context.Context, run string, chunks []tracker.Console) error {
	const op = "add console output to run"
	clean := make([]tracker.Console, len(chunks))
	for i, chunk := range chunks {
		if err := chunk.Normalize(); err != nil {
			return explain(op, run, err)
		}
		clean[i] = chunk
	}
	return s.write(ctx, op, run, func(t transaction) error {
		seq, err := t.changing(run)
		if err != nil {
			return err
		}
		for _, c := range clean {
			err := t.exec("INSERT INTO console (run, time, session, stream, text) VALUES (?, ?, ?, ?, ?)",
				seq, c.Time.UnixMilli(), c.Session, c.Stream, c.Text)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Console returns what the run wrote to its terminal since the place after, and the place where to go on.
func (s *Store) Console(ctx context.Context, run string, after int64) (chunks []tracker.Console, next int64, err error) {
	next = after
	err = s.read(ctx, "read console output of run", run, func(t transaction) error {
		seq, err := t.seq(run)
		if err != nil {
			return err
		}
		rows, err := t.query("SELECT id, time, session, stream, text FROM console WHERE run = ? AND id > ? ORDER BY id", seq, after)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var chunk tracker.Console
			var at sql.NullInt64
			if err := rows.Scan(&next, &at, &chunk.Session, &chunk.Stream, &chunk.Text); err != nil {
				return err
			}
			chunk.Time = timeOf(at)
			chunks = append(chunks, chunk)
		}
		return rows.Err()
	})
	return chunks, next, err
}
