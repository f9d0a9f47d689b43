package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"paperlab/tracker"
)

// AddConsole adds to what the run wrote to its terminal.
func (s *Store) AddConsole(ctx context.Context, run string, chunks []tracker.Console) error {
	const op = "add console output to run"
	var times, sessions []int64
	var streams, texts []string
	for _, chunk := range chunks {
		if err := chunk.Normalize(); err != nil {
			return explain(op, run, err)
		}
		times, sessions = append(times, chunk.Time.UnixMilli()), append(sessions, chunk.Session)
		streams, texts = append(streams, chunk.Stream), append(texts, chunk.Text)
	}
	return s.write(ctx, op, run, func(tx pgx.Tx) error {
		seq, err := changing(ctx, tx, run)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO console (run, time, session, stream, text)
			SELECT $1, time, session, stream, text
			FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[]) WITH ORDINALITY AS c (time, session, stream, text, place)
			ORDER BY place`, seq, times, sessions, streams, texts)
		return err
	})
}

// Console returns what the run wrote to its terminal since the place after, and the place where to go on.
func (r reader) Console(ctx context.Context, run string, after int64) (chunks []tracker.Console, next int64, err error) {
	next = after
	err = r.read(ctx, "read console output of run", run, func(tx pgx.Tx) error {
		seq, err := seqOf(ctx, tx, run)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, "SELECT id, time, session, stream, text FROM console WHERE run = $1 AND id > $2 ORDER BY id", seq, after)
		if err != nil {
			return err
		}
		chunks, err = pgx.AppendRows(chunks, rows, func(row pgx.CollectableRow) (c tracker.Console, err error) {
			var at pgtype.Int8
			err = row.Scan(&next, &at, &c.Session, &c.Stream, &c.Text)
			c.Time = timeOf(at)
			return c, err
		})
		return err
	})
	return chunks, next, err
}
