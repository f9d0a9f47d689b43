package storetest

import (
	"path/filepath"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/sqlite"
)

// New opens a new store, an SQLite file, for the length of the test.
func New(t testing.TB) tracker.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "paperlab.db"))
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
