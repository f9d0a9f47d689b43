package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"paperlab/tracker"
)

// AddText adds a text to the run.
func (s *Store) AddText(ctx context.Context, run string, text tracker.Text) error {
	const op = "add text to run"
	if err := text.Normalize(); err != nil {
		return explain(op, run, err)
	}
	return s.addTo(ctx, op, run, `
		INSERT INTO texts (run, key, step, time, session, body)
		SELECT run, $2, $3, $4, $5, $6 FROM changed`,
		text.Key, text.Step, text.Time.UnixMilli(), text.Session, text.Body)
}

// Texts returns the run's texts with this key, or all of them.
func (r reader) Texts(ctx context.Context, run, key string) ([]tracker.Text, error) {
	return entries(ctx, r, "read texts of run", run, key, "texts", "body", func(row pgx.Row) (t tracker.Text, err error) {
		var at pgtype.Int8
		err = row.Scan(&t.Key, &t.Step, &at, &t.Session, &t.Body)
		t.Time = timeOf(at)
		return t, err
	})
}
