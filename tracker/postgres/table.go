package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"paperlab/tracker"
)

// AddTable adds a table to the run.
func (s *Store) AddTable(ctx context.Context, run string, table tracker.Table) error {
	const op = "add table to run"
	if err := table.Normalize(); err != nil {
		return explain(op, run, err)
	}
	columns, err := json.Marshal(table.Columns)
	if err != nil {
		return explain(op, run, err)
	}
	body, err := tracker.EncodeRows(table.Rows)
	if err != nil {
		return explain(op, run, err)
	}
	return s.addTo(ctx, op, run, `
		INSERT INTO tables (run, key, step, time, session, columns, body)
		SELECT run, $2, $3, $4, $5, $6, $7 FROM changed`,
		table.Key, table.Step, table.Time.UnixMilli(), table.Session, string(columns), body)
}

// Tables returns the run's tables with this key, or all of them.
func (r reader) Tables(ctx context.Context, run, key string) ([]tracker.Table, error) {
	return entries(ctx, r, "read tables of run", run, key, "tables", "columns, body", func(row pgx.Row) (t tracker.Table, err error) {
		var at pgtype.Int8
		var columns, body string
		if err := row.Scan(&t.Key, &t.Step, &at, &t.Session, &columns, &body); err != nil {
			return t, err
		}
		t.Time = timeOf(at)
		if err := json.Unmarshal([]byte(columns), &t.Columns); err != nil {
			return t, fmt.Errorf("%w columns of table %s: %w", tracker.ErrCorrupt, t.Key, err)
		}
		t.Rows, err = tracker.DecodeRows(body)
		return t, err
	})
}
