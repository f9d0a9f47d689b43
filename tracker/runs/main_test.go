package runs_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/runs"
	"paperlab/tracker/sqlite"
)

// TestMain lets this binary play a training that hangs: it starts a run, prints its ID and waits to be killed.
func TestMain(m *testing.M) {
	path := os.Getenv("TRACKER_TEST_DATABASE")
	if path == "" {
		os.Exit(m.Run())
	}
	ctx := context.Background()
	store, err := sqlite.Open(ctx, path)
	if err == nil {
		var run *runs.Run
		if run, err = runs.Start(ctx, store, runs.Options{Name: "hangs"}); err == nil {
			err = run.Log(ctx, 1, map[string]float64{"train/loss": 1})
			fmt.Println(run.ID())
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	select {}
}

// open opens a new database for the length of the test.
func open(t testing.TB) *sqlite.Store {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "paperlab.db"))
}

func openAt(t testing.TB, path string) *sqlite.Store {
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

// start starts a run and ends it with the test, if the test does not.
func start(t testing.TB, store tracker.Store, options runs.Options) *runs.Run {
	t.Helper()
	run, err := runs.Start(t.Context(), store, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := run.Finish(context.Background(), tracker.Finished); err != nil {
			t.Error(err)
		}
	})
	return run
}

func get(t testing.TB, store tracker.Store, id string) runs.Summary {
	t.Helper()
	summary, err := runs.Get(t.Context(), store, id)
	if err != nil {
		t.Fatal(err)
	}
	return summary
}
