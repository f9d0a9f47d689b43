package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"paperlab/tracker"
)

// Revisions are numbers of transactions. They are given when a transaction begins to write, not when it ends; therefore
// the newest revision from which a reader may go on is the one below all transactions that still run, and what ended above
// it is named again.
const touch = "UPDATE changes SET revision = pg_current_xact_id()::text::bigint WHERE run = (SELECT seq FROM runs WHERE id = $1) RETURNING run"

// changing locks a run in which something is going to change, and returns its row number.
func changing(ctx context.Context, tx pgx.Tx, run string) (seq int64, err error) {
	err = tx.QueryRow(ctx, touch, run).Scan(&seq)
	return seq, noRun(err)
}

// Changes returns the IDs of the runs in which anything changed since a revision.
func (r reader) Changes(ctx context.Context, since int64) (runs []string, now int64, err error) {
	err = r.read(ctx, "list changes in", r.where, func(tx pgx.Tx) error {
		// A revision from the future is another server's, from which this database was restored.
		return tx.QueryRow(ctx, `
			SELECT pg_snapshot_xmin(s)::text::bigint - 1, ARRAY (
				SELECT id FROM changes JOIN runs ON seq = run
				WHERE $1 = 0 OR revision > $1 AND revision < pg_snapshot_xmax(s)::text::bigint
				ORDER BY revision, seq)
			FROM pg_current_snapshot() AS s`, since).Scan(&now, &runs)
	})
	return runs, max(now, since), err
}

// addTo adds something to a run, in one statement: insert, an INSERT of the columns after "run", gets the run's row
// number as changed.run, and its arguments from $2 on.
func (s *Store) addTo(ctx context.Context, op, run, insert string, args ...any) error {
	return s.write(ctx, op, run, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, "WITH changed AS ("+touch+") "+insert, append([]any{run}, args...)...)
		if err == nil && tag.RowsAffected() == 0 {
			return errNoRun
		}
		return err
	})
}

// entries reads what a run added under a key, or all of it if the key is empty. Of each row, scan reads key, step, time
// and session, and then the columns.
func entries[E any](ctx context.Context, r reader, op, run, key, table, columns string, scan func(pgx.Row) (E, error)) ([]E, error) {
	var all []E
	err := r.read(ctx, op, run, func(tx pgx.Tx) error {
		seq, err := seqOf(ctx, tx, run)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `
			SELECT key, step, time, session, `+columns+` FROM `+table+`
			WHERE run = $1 AND ($2 = '' OR key = $2) ORDER BY id`, seq, tracker.CleanText(key))
		if err != nil {
			return err
		}
		all, err = pgx.AppendRows(all, rows, func(row pgx.CollectableRow) (E, error) { return scan(row) })
		return err
	})
	return all, err
}
