package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver named "sqlite3"
	"golang.org/x/sys/unix"

	"paperlab/tracker"
)

const (
	// SQLite itself waits this long for another process's lock before it lets us look whether to go on waiting.
	busyTimeout = 500 * time.Millisecond
	// Writers that wait longer than this give up; a transaction of ours takes milliseconds.
	patience = time.Minute
	readers  = 4
)

// Store is a [tracker.Store] in one SQLite file. It may be shared between goroutines.
type Store struct {
	path    string  // absolute
	writer  *sql.DB // one connection: within a process, writers queue here
	reader  *sql.DB
	hasFTS5 bool
}

var _ tracker.Store = (*Store)(nil)

// Open opens the database at path, creating it if there is none, and brings an older one up to this version's schema. It
// refuses files that are something else or were written by a newer version ([tracker.ErrNewer]), and leaves them as they
// are. Close the store to let go of the file.
func Open(ctx context.Context, path string) (*Store, error) {
	const op = "open database"
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, &tracker.Error{Op: op, On: path, Err: err}
	}
	s := &Store{path: absolute}
	if s.writer, err = openPool(absolute, 1, "_journal_mode=WAL", "_synchronous=FULL"); err != nil {
		return nil, explain(op, path, err)
	}
	if s.reader, err = openPool(absolute, readers, append(readMode(absolute), "_query_only=1")...); err != nil {
		return nil, errors.Join(explain(op, path, err), s.writer.Close())
	}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(explain(op, path, refused(absolute, err)), s.Close())
	}
	return s, nil
}

// readMode gives the options for reading. Where neither the file nor its folder can be written, SQLite cannot make the
// files that readers of a WAL database share; without a log left from a writer they are not needed.
func readMode(path string) []string {
	_, err := os.Stat(path)
	if err != nil || unix.Access(path, unix.W_OK) == nil && unix.Access(filepath.Dir(path), unix.W_OK) == nil {
		return nil
	}
	if _, err := os.Stat(path + "-wal"); errors.Is(err, os.ErrNotExist) {
		return []string{"mode=ro", "immutable=1"}
	}
	return []string{"mode=ro"}
}

// openPool opens connections lazily: the first use of one finds out whether the file is any good.
func openPool(path string, size int, options ...string) (*sql.DB, error) {
	query := fmt.Sprintf("_busy_timeout=%d&_foreign_keys=1&_stmt_cache_size=64", busyTimeout.Milliseconds())
	for _, option := range options {
		query += "&" + option
	}
	name := url.URL{Scheme: "file", Path: path, RawQuery: query}
	db, err := sql.Open("sqlite3", name.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db, nil
}

// prepare checks that the file is ours and of our schema, after mending what can be mended.
func (s *Store) prepare(ctx context.Context) error {
	if err := s.migrate(ctx); err != nil {
		return err
	}
	return s.reader.QueryRowContext(ctx, "SELECT sqlite_compileoption_used('ENABLE_FTS5')").Scan(&s.hasFTS5)
}

// Close waits for what is going on and lets go of the file. The last process to do so leaves one file, without a log
// beside it.
func (s *Store) Close() error {
	if err := errors.Join(s.reader.Close(), s.writer.Close()); err != nil {
		return explain("close database", s.path, err)
	}
	return nil
}
