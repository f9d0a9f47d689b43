package ingest

import (
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
