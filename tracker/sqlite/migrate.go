package sqlite

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/pressly/goose/v3"

	"paperlab/tracker"
)

//go:embed migrations/*.sql
var migrations embed.FS

// The newest schema that this program knows: the number of the last migration.
const schema = 2

const applicationID = 1346457698 // see the first migration

var errForeign = &tracker.Error{
	Op: "recognise file", Err: errors.New("it is not a Paperlab database"),
	Advice: "name another file with --db or PAPERLAB_DB",
}

// migrate brings the file to the current schema. Processes that open a new file together do so one after the other.
func (s *Store) migrate(ctx context.Context) error {
	version, err := s.version(ctx)
	if err != nil || version == schema {
		return err
	}
	unlock, err := lockFolder(filepath.Dir(s.path))
	if err != nil {
		return err
	}
	defer unlock()

	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.writer, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// version returns the schema of the file, 0 for an empty one, and an error for a file that is not ours. It changes none: that is
// why it asks a reader, whose connection leaves the file's journal mode alone.
func (s *Store) version(ctx context.Context) (int64, error) {
	var id, version, objects int64
	err := retryBusy(ctx, func() error {
		return s.reader.QueryRowContext(ctx, `
			SELECT application_id, (SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'goose_%' AND name NOT LIKE 'sqlite_%')
			FROM pragma_application_id`).Scan(&id, &objects)
	})
	switch {
	case err != nil:
		return 0, err
	case id == 0 && objects == 0:
		return 0, nil
	case id != applicationID:
		return 0, errForeign
	}
	err = s.reader.QueryRowContext(ctx, "SELECT max(version_id) FROM goose_db_version").Scan(&version)
	if err != nil {
		return 0, err
	}
	if version > schema {
		return 0, &tracker.Error{
			Op: "recognise file", Err: fmt.Errorf("%w: its schema is %d, this program knows %d", tracker.ErrNewer, version, schema),
			Advice: "update paperlab, or name another file with --db",
		}
	}
	return version, nil
}

// lockFolder keeps other processes from migrating a database in this folder. The database's own file must not be locked
// so: closing it would drop the locks that SQLite holds on it for this process.
func lockFolder(folder string) (unlock func(), err error) {
	file, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("lock folder %s: %w", folder, err), file.Close())
	}
	return func() { _ = file.Close() }, nil
}
