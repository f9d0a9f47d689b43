package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"paperlab/tracker"
)

// Backup copies the file as it is at this moment, without free space, and then the contents that the copy refers to. Neither
// readers nor writers wait for it.
func (s *Store) Backup(ctx context.Context, path string) error {
	err := WriteNew(path, func(draft string) error {
		if err := s.copyFile(ctx, draft); err != nil {
			return err
		}
		return s.copyContents(ctx, draft)
	})
	if err != nil {
		return explain("back up "+s.path+" to", path, err)
	}
	return nil
}

// WriteNew makes a new database at path, with its contents, out of what write leaves at another place beside it: whole, or
// not at all. It refuses to overwrite anything ([tracker.ErrExists]).
func WriteNew(path string, write func(draft string) error) (err error) {
	for _, name := range []string{path, path + ".artifacts"} {
		if _, err := os.Lstat(name); err == nil {
			return &tracker.Error{Op: "write", On: name, Err: tracker.ErrExists, Advice: "name a file that does not exist"}
		}
	}
	folder, err := os.MkdirTemp(filepath.Dir(path), "paperlab-backup-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	draft := filepath.Join(folder, "paperlab.db")
	if err := write(draft); err != nil {
		return err
	}
	// The file comes last: it is there only once all that it names is.
	err = os.Rename(draft+".artifacts", path+".artifacts")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Rename(draft, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// copyFile copies the database by a connection of its own, so that the writers of this process go on.
func (s *Store) copyFile(ctx context.Context, to string) error {
	source, err := openPool(s.path, 1, readMode(s.path)...)
	if err != nil {
		return err
	}
	_, err = source.ExecContext(ctx, "VACUUM INTO ?", to)
	if err := errors.Join(err, source.Close()); err != nil {
		return err
	}
	file, err := os.Open(to)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// copyContents copies what the database at path refers to.
func (s *Store) copyContents(ctx context.Context, path string) error {
	hashes, err := contentsOf(ctx, path)
	if err != nil {
		return err
	}
	target := &Store{path: path}
	for _, hash := range hashes {
		content, err := s.OpenArtifact(ctx, hash)
		if err != nil {
			return err
		}
		taken, err := target.takeIn(ctx, content)
		if err = errors.Join(err, content.Close()); err != nil {
			return err
		}
		if taken.hash != hash {
			return &tracker.Error{
				Op: "copy content", On: hash, Err: fmt.Errorf("%w: its hash is %s", tracker.ErrCorrupt, taken.hash),
				Advice: "paperlab runs check lists what is damaged",
			}
		}
		if err := moveDurably(taken.path, target.contentPath(hash)); err != nil {
			return err
		}
	}
	return nil
}

func contentsOf(ctx context.Context, path string) (hashes []string, err error) {
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, "SELECT hash FROM artifacts UNION SELECT hash FROM images")
	if err != nil {
		return nil, err
	}
	return scanAll[string](rows)
}
