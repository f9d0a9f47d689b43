package cli

import (
	"context"

	"paperlab/tracker/sqlite"
)

// SQLite tells which SQLite is compiled in: a check for the doctor verb.
func SQLite(ctx context.Context) (found, mend string) {
	version, fts5, err := sqlite.Version(ctx)
	switch {
	case err != nil:
		return err.Error(), "make build, with cgo and a C compiler"
	case !fts5:
		return version + ", without full-text search", `build with CGO_CFLAGS="-O2 -g -DSQLITE_ENABLE_FTS5", as make build does`
	}
	return version + " with full-text search", ""
}
