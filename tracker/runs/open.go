package runs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"paperlab/tracker"
	"paperlab/tracker/postgres"
	"paperlab/tracker/sqlite"
)

// FileName is the name of a project's database.
const FileName = "paperlab.db"

// Open opens the store at an address, making a new one if there is none: see [Locate] for what address may be. Close the
// store in the end.
func Open(ctx context.Context, address string) (tracker.Store, error) {
	place, err := Locate(address)
	if err != nil {
		return nil, err
	}
	return open(ctx, place)
}

// OpenExisting is [Open] for those who only read: it makes no new file, and fails with [tracker.ErrNotFound] instead.
func OpenExisting(ctx context.Context, address string) (tracker.Store, error) {
	place, err := Locate(address)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(place); errors.Is(err, os.ErrNotExist) && !onServer(place) {
		return nil, &tracker.Error{
			Op: "open database", On: place, Err: tracker.ErrNotFound,
			Advice: "a training or paperlab runs new makes one; --db or PAPERLAB_DB names another",
		}
	}
	return open(ctx, place)
}

func open(ctx context.Context, place string) (tracker.Store, error) {
	if onServer(place) {
		return postgres.Open(ctx, place)
	}
	return sqlite.Open(ctx, place)
}

// onServer reports whether the database is PostgreSQL's.
func onServer(place string) bool {
	return strings.HasPrefix(place, "postgres://") || strings.HasPrefix(place, "postgresql://")
}

// Locate says which database an address means: the file that it names, or the PostgreSQL database if it begins with
// postgres://; if it is empty, the one that PAPERLAB_DB names; if that is empty too, the nearest paperlab.db in the
// current folder and those above it, up to the root of the git repository (outside of one, only in the current folder);
// else a new paperlab.db in the current folder.
func Locate(address string) (place string, err error) {
	if address == "" {
		address = os.Getenv("PAPERLAB_DB")
	}
	if scheme, _, ok := strings.Cut(address, "://"); ok && !onServer(address) {
		return "", &tracker.Error{
			Op: "open database", On: scheme + "://...", Err: fmt.Errorf("%w address", tracker.ErrInvalid),
			Advice: "give the path of an SQLite file, or postgres://...",
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
