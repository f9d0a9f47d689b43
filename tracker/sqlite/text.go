package sqlite

import (
	"context"
	"database/sql"

	"paperlab/tracker"
)

// AddText adds a text to the run.
func (s *Store) AddText(ctx context.Context, run string, text tracker.Text) error {
	const op = "add text to run"
	key, err := tracker.CleanKey(text.Key)
	if err != nil {
		return explain(op, run, err)
	}
	return s.write(ctx, op, run, func(t transaction) error {
		seq, err := t.seq(run)
		if err != nil {
			return err
		}
		return t.exec("INSERT INTO texts (run, key, step, time, session, body) VALUES (?, ?, ?, ?, ?, ?)",
			seq, key, text.Step, text.Time.UnixMilli(), text.Session, tracker.CleanText(text.Body))
	})
}

// Texts returns the run's texts with this key, or all of them.
func (s *Store) Texts(ctx context.Context, run, key string) ([]tracker.Text, error) {
	var texts []tracker.Text
	err := s.read(ctx, "read texts of run", run, func(t transaction) error {
		seq, err := t.seq(run)
		if err != nil {
			return err
		}
		rows, err := t.query(`
			SELECT key, step, time, session, body FROM texts WHERE run = ?1 AND (?2 = '' OR key = ?2) ORDER BY id`,
			seq, tracker.CleanText(key))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var text tracker.Text
			var at sql.NullInt64
			if err := rows.Scan(&text.Key, &text.Step, &at, &text.Session, &text.Body); err != nil {
				return err
			}
			text.Time = timeOf(at)
			texts = append(texts, text)
		}
		return rows.Err()
	})
	return texts, err
}
