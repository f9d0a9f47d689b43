package web_test

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/sqlite"
	"paperlab/tracker/web"
)

func TestMain(m *testing.M) {
	time.Local = time.UTC // what the page shows must not depend on where it is tested
	os.Setenv("TZ", "UTC")
	stop := startBrowser()
	code := m.Run()
	stop()
	os.Exit(code)
}

// now is when all tests take place.
var now = time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)

// newStore opens an empty store in a file of its own.
func newStore(t testing.TB) (tracker.Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "paperlab.db")
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store, path
}

// serve serves the dashboard of a store behind its guard, and returns its address.
func serve(t testing.TB, store tracker.Store) string {
	t.Helper()
	done, end := context.WithCancel(t.Context())
	handler := web.Handler(store, web.Options{Name: "/data/paperlab.db", MLflow: true, Done: done.Done(), Clock: func() time.Time { return now }})
	server := httptest.NewServer(web.Guard(web.GuardOptions{Hosts: web.LoopbackHosts()}, handler))
	t.Cleanup(func() {
		end()
		server.Close()
	})
	return server.URL
}

// must is for what cannot fail in a test that is right.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
