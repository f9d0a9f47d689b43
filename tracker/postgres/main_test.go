package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/postgres"
	"paperlab/tracker/postgres/pgtest"
	"paperlab/tracker/storetest"
)

// Tests with several processes start this test binary again, to log one by one: address, run, key, how many.
func TestMain(m *testing.M) {
	if os.Getenv("TRACKER_TEST_ROLE") == "" {
		os.Exit(pgtest.Main(m))
	}
	if err := logOneByOne(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func logOneByOne(address, run, key, number string) error {
	ctx := context.Background()
	count, err := strconv.Atoi(number)
	if err != nil {
		return err
	}
	store, err := postgres.Open(ctx, address)
	if err != nil {
		return err
	}
	return errors.Join(storetest.LogOneByOne(ctx, store, run, key, count), store.Close())
}

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
