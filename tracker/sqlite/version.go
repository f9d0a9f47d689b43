package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/mattn/go-sqlite3"
)

// Version returns the version of the SQLite that is compiled in, and whether it has full-text search (FTS5); a search without
// it reads every text.
func Version(ctx context.Context) (version string, fts5 bool, err error) {
	version, _, _ = sqlite3.Version()
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		return version, false, err
	}
	err = db.QueryRowContext(ctx, "SELECT sqlite_compileoption_used('ENABLE_FTS5')").Scan(&fts5)
	return version, fts5, errors.Join(err, db.Close())
}
