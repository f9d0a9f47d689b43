package postgres_test

import (
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/postgres"
	"paperlab/tracker/postgres/pgtest"
	"paperlab/tracker/storetest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) tracker.Store { return open(t, newSchema(t)) })
}

var clock = time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)

var schemas atomic.Int64

// newSchema gives the address of a new schema in the server's first database: a new database takes longer.
func newSchema(t testing.TB) (address string) {
	t.Helper()
	return fmt.Sprintf("%s&search_path=schema%d", pgtest.Address(t, "postgres", "postgres"), schemas.Add(1))
}

// open opens a database for the length of the test.
func open(t testing.TB, address string) *postgres.Store {
	t.Helper()
	store, err := postgres.Open(t.Context(), address)
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
