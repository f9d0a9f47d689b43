package sqlite_test

import (
	"path/filepath"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/sqlite"
	"paperlab/tracker/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) tracker.Store { return open(t, filepath.Join(t.TempDir(), "paperlab.db")) })
}

// open opens a database for the length of the test.
func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func TestStoreWithoutFTS5(t *testing.T) {
	storetest.Run(t, func(t *testing.T) tracker.Store {
		store := open(t, filepath.Join(t.TempDir(), "paperlab.db"))
		store.WithoutIndex()
		return store
	}, "search", "projects", "bin") // those that search
}
