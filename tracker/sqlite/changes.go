package sqlite

import (
	"context"

	"paperlab/tracker"
)

// touch notes that something of the run changes in this transaction. Row 0 alone stands for what belongs to no run.
func (t transaction) touch(run int64) error {
	return t.exec("UPDATE changes SET revision = 1 + (SELECT revision FROM changes WHERE run = 0) WHERE run IN (0, ?)", run)
}

// Changes returns the IDs of the runs in which anything changed since a revision. While nothing did, it reads one row.
func (s *Store) Changes(ctx context.Context, since int64) (runs []string, now int64, err error) {
	err = s.read(ctx, "list changes in", s.path, func(t transaction) error {
		if err := t.row("SELECT revision FROM changes WHERE run = 0").Scan(&now); err != nil || now == since {
			return err
		}
		rows, err := t.query(`
			SELECT id FROM changes JOIN runs ON seq = run
			WHERE changes.revision > ? ORDER BY changes.revision, seq`, since)
		if err != nil {
			return err
		}
		runs, err = scanAll[string](rows)
		return err
	})
	return runs, now, err
}

// addTo adds something to a run: insert, whose first argument is the run's row number.
func (s *Store) addTo(ctx context.Context, op, run, insert string, args ...any) error {
	return s.write(ctx, op, run, func(t transaction) error {
		seq, err := t.changing(run)
		if err != nil {
			return err
		}
		return t.exec(insert, append([]any{seq}, args...)...)
	})
}

// changing returns the row number of a run in which something is going to change.
func (t transaction) changing(run string) (seq int64, err error) {
	if seq, err = t.seq(run); err != nil {
		return 0, err
	}
	return seq, t.touch(seq)
}

// entries reads what a run added under a key, or all of it if the key is empty. Of each row, scan reads key, step, time
// and session, and then the columns.
func entries[E any](ctx context.Context, s *Store, op, run, key, table, columns string, scan func(scanner) (E, error)) ([]E, error) {
	var all []E
	err := s.read(ctx, op, run, func(t transaction) error {
		seq, err := t.seq(run)
		if err != nil {
			return err
		}
		rows, err := t.query(`
			SELECT key, step, time, session, `+columns+` FROM `+table+`
			WHERE run = ?1 AND (?2 = '' OR key = ?2) ORDER BY id`, seq, tracker.CleanText(key))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			entry, err := scan(rows)
			if err != nil {
				return err
			}
			all = append(all, entry)
		}
		return rows.Err()
	})
	return all, err
}

// scanner is a row that is read.
type scanner interface{ Scan(into ...any) error }
