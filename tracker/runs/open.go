package runs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"paperlab/tracker"
	"paperlab/tracker/sqlite"
)

// FileName is the name of a project's database.
const FileName = "paperlab.db"

// Open opens the store at an address, making a new one if there is none: see [Locate] for what address may be. Close the
// store in the end.
func Open(ctx context.Context, address string) (tracker.Store, error) {
	path, err := Locate(address)
	if err != nil {
		return nil, err
	}
	return sqlite.Open(ctx, path)
}

// OpenExisting is [Open] for those who only read: it makes no new store, and fails with [tracker.ErrNotFound] instead.
func OpenExisting(ctx context.Context, address string) (tracker.Store, error) {
	path, err := Locate(address)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, &tracker.Error{
			Op: "open database", On: path, Err: tracker.ErrNotFound,
			Advice: "a training or paperlab runs new makes one; --db or PAPERLAB_DB names another",
		}
	}
	return sqlite.Open(ctx, path)
}

// Locate says which database an address means: the file that it names; if it is empty, the one that PAPERLAB_DB names; if
// that is empty too, the nearest paperlab.db in the current folder and those above it, up to the root of the git
// repository (outside of one, only in the current folder); else a new paperlab.db in the current folder.
func Locate(address string) (path string, err error) {
	if address == "" {
		address = os.Getenv("PAPERLAB_DB")
	}
	if scheme, _, ok := strings.Cut(address, "://"); ok {
		return "", &tracker.Error{
			Op: "open database", On: scheme + "://...", Err: fmt.Errorf("%w address: this version knows only files", tracker.ErrInvalid),
			Advice: "give the path of an SQLite file",
		}
	}
	if address != "" {
		return address, nil
	}
	here, err := os.Getwd()
	if err != nil {
		return "", &tracker.Error{Op: "find " + FileName, Err: err}
	}
	local := filepath.Join(here, FileName)
	if exists(local) {
		return local, nil
	}
	root, ok := repository(here)
	for folder := here; ok && folder != root; {
		folder = filepath.Dir(folder)
		if path := filepath.Join(folder, FileName); exists(path) {
			return path, nil
		}
	}
	return local, nil
}

// repository returns the root of the git repository that a folder is in.
func repository(folder string) (root string, ok bool) {
	for !exists(filepath.Join(folder, ".git")) {
		if folder == filepath.Dir(folder) {
			return "", false
		}
		folder = filepath.Dir(folder)
	}
	return folder, true
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
