package runs_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/postgres/pgtest"
	"paperlab/tracker/runs"
)

func TestLocate(t *testing.T) {
	for _, c := range []struct {
		name, here, address, environment, want string
		files                                  []string
	}{
		{name: "a new file where nothing is", here: "p/q", want: "p/q/paperlab.db"},
		{name: "the address before all", here: "p", address: "x.db", environment: "y.db", files: []string{"p/paperlab.db"}, want: "x.db"},
		{name: "then the environment", here: "p", environment: "y.db", files: []string{"p/paperlab.db"}, want: "y.db"},
		{name: "then the current folder", here: "p/q", files: []string{"p/.git", "p/paperlab.db", "p/q/paperlab.db"}, want: "p/q/paperlab.db"},
		{name: "then those above it, the nearest first", here: "p/q/r", files: []string{".git", "paperlab.db", "p/paperlab.db"}, want: "p/paperlab.db"},
		{name: "up to the repository's root", here: "p/q", files: []string{".git", "paperlab.db"}, want: "paperlab.db"},
		{name: "but not beyond", here: "p/q", files: []string{"p/.git", "paperlab.db"}, want: "p/q/paperlab.db"},
		{name: "outside a repository not above", here: "p/q", files: []string{"p/paperlab.db"}, want: "p/q/paperlab.db"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			if err := os.MkdirAll(filepath.Join(root, "p/q/r"), 0o755); err != nil {
				t.Fatal(err)
			}
			for _, file := range c.files {
				if err := os.WriteFile(filepath.Join(root, file), nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			t.Chdir(filepath.Join(root, c.here))
			t.Setenv("PAPERLAB_DB", c.environment)
			got, err := runs.Locate(c.address)
			want := c.want
			if filepath.Base(want) == runs.FileName {
				want = filepath.Join(root, want)
			}
			if err != nil || got != want {
				t.Errorf("got %s, %v; want %s", got, err, want)
			}
		})
	}
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new.db")
	if _, err := runs.OpenExisting(t.Context(), path); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	for _, open := range []func(context.Context, string) (tracker.Store, error){runs.Open, runs.OpenExisting} {
		store, err := open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := runs.Open(t.Context(), "mysql://user:secret@host/db"); !errors.Is(err, tracker.ErrInvalid) || err.Error() != "open database mysql://...: invalid address" {
		t.Errorf("got %v", err)
	}
}

func TestOpenADatabaseOnAServer(t *testing.T) {
	for _, address := range []string{pgtest.Database(t), strings.Replace(pgtest.Database(t), "postgres://", "postgresql://", 1)} {
		for _, open := range []func(context.Context, string) (tracker.Store, error){runs.Open, runs.OpenExisting} {
			store, err := open(t.Context(), address)
			if err != nil {
				t.Fatal(err)
			}
			run := start(t, store, runs.Options{})
			if err := run.Log(t.Context(), 1, map[string]float64{"x": 1}); err != nil {
				t.Error(err)
			}
			if err := run.Finish(t.Context(), tracker.Finished); err != nil {
				t.Error(err)
			}
			if err := store.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	t.Setenv("PAPERLAB_DB", "postgres://nobody@127.0.0.1:1/none?connect_timeout=1")
	if _, err := runs.Open(t.Context(), ""); err == nil {
		t.Error("a server that is not there was opened")
	}
}
