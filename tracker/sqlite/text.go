package sqlite

import (
	"context"
	"database/sql"

	"paperlab/tracker"
)

// AddText adds a text to the run.
func (s *Store) AddText(ctx context.Context, run string, text tracker.Text) error {
	const op = "add text to run"
	if err := text.Normalize(); err != nil {
		return explain(op, run, err)
	}
	return s.addTo(ctx, op, run, "INSERT INTO texts (run, key, step, time, session, body) VALUES (?, ?, ?, ?, ?, ?)",
		text.Key, text.Step, text.Time.UnixMilli(), text.Session, text.Body)
}

// Texts returns the run's texts with this key, or all of them.
func (s *Store) Texts(ctx context.Context, run, key string) ([]tracker.Text, error) {
	return entries(ctx, s, "read texts of run", run, key, "texts", "body", func(row scanner) (t tracker.Text, err error) {
		var at sql.NullInt64
		err = row.Scan(&t.Key, &t.Step, &at, &t.Session, &t.Body)
		t.Time = timeOf(at)
		return t, err
	})
}
