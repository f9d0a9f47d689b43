package ingest

import (
	"context"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"

	_ "github.com/mattn/go-sqlite3" // the driver named "sqlite3"
)

// OpenDatabase opens another program's SQLite file, which must exist, to read it and not to change it. The caller
// closes it.
func OpenDatabase(path string) (*sql.DB, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(absolute); err != nil {
		return nil, err
	}
	name := url.URL{Scheme: "file", Path: absolute, RawQuery: "mode=ro&_query_only=1&_busy_timeout=10000"}
	return sql.Open("sqlite3", name.String())
}

// EachRow calls do for each row of a query, to scan it.
func EachRow(ctx context.Context, db *sql.DB, do func(scan func(...any) error) error, query string, args ...any) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := do(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
