package sqlite_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/sqlite"
	"paperlab/tracker/storetest"
)

func TestOpenRefuses(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, path string)
		want  error
		says  string
	}{
		{"a file of a newer schema", func(t *testing.T, path string) {
			change(t, path, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (1000000, 1)")
		}, tracker.ErrNewer, "its schema is 1000000"},
		{"a database that is not ours", func(t *testing.T, path string) {
			remove(t, path)
			change(t, path, "CREATE TABLE metrics (x)")
		}, nil, "not a Paperlab database"},
		{"a file that is no database", func(t *testing.T, path string) {
			write(t, path, strings.Repeat("loss,step\n", 1000))
		}, tracker.ErrCorrupt, "not a database"},
		{"a damaged file", func(t *testing.T, path string) {
			garbage := make([]byte, 4096)
			for page := range 2 {
				writeAt(t, path, garbage, int64(100+page*4096))
			}
		}, tracker.ErrCorrupt, "malformed"},
		{"a folder", func(t *testing.T, path string) {
			remove(t, path)
			if err := os.Mkdir(path, 0o755); err != nil {
				t.Fatal(err)
			}
		}, nil, "unable to open"},
		{"a file in a folder that is not there", func(t *testing.T, path string) {
			if err := os.RemoveAll(filepath.Dir(path)); err != nil {
				t.Fatal(err)
			}
		}, nil, "no such file or directory"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "folder", "paperlab.db")
			if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			store, err := sqlite.Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			c.spoil(t, path)
			before, _ := os.ReadFile(path)
			_, err = sqlite.Open(t.Context(), path)
			var full *tracker.Error
			if !errors.As(err, &full) || full.Hint() == "" || !strings.Contains(err.Error(), c.says) || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("got %v, want %q with a hint", err, c.says)
			}
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
}

func change(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), statement)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// ask reads one number.
func ask(t *testing.T, path, query string) (number int64) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	err = db.QueryRowContext(t.Context(), query).Scan(&number)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return number
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func writeAt(t *testing.T, path string, content []byte, offset int64) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.WriteAt(content, offset)
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestFullDiskIsAnErrorAndHarmsNothing(t *testing.T) {
	store := open(t, filepath.Join(t.TempDir(), "paperlab.db"))
	run := storetest.Create(t, store, "full")
	if err := store.Log(t.Context(), run.ID, storetest.Samples("x", 1, 2, 3)); err != nil {
		t.Fatal(err)
	}
	if err := store.LimitSize(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := store.Log(t.Context(), run.ID, storetest.Samples("x", make([]float64, 10_000)...))
	if !errors.Is(err, tracker.ErrFull) {
		t.Fatalf("got %v", err)
	}
	if points, err := store.Points(t.Context(), run.ID, "x", ""); err != nil || len(points) != 3 {
		t.Errorf("got %d points, %v", len(points), err)
	}
	if err := store.Log(t.Context(), run.ID, storetest.Samples("x", 4)); err != nil {
		t.Errorf("what still fits: %v", err)
	}
}

func TestReadOnlyFileCanBeReadAndSaysWhyItCannotBeWritten(t *testing.T) {
	folder, err := os.MkdirTemp("", "tracker-readonly-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	path := filepath.Join(folder, "paperlab.db")
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	run := storetest.Create(t, store, "readable")
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chmod(path, 0o444), os.Chmod(folder, 0o555)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(folder, 0o755) })
	if err := unprivileged(process(t, "read", path, run.ID)).Run(); err != nil {
		t.Error(err)
	}
}

func TestANewFileInAFolderThatMayOnlyBeReadIsDenied(t *testing.T) {
	folder, err := os.MkdirTemp("", "tracker-readonly-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o555); err != nil {
		t.Fatal(err)
	}
	opening := unprivileged(process(t, "open", filepath.Join(folder, "paperlab.db")))
	var says strings.Builder
	opening.Stderr = &says
	if err := opening.Run(); err == nil || !strings.Contains(says.String(), "unable to open database file: permission denied") {
		t.Errorf("got %v: %s", err, says.String())
	}
}

// unprivileged lets a command run as another user where this one may write everything.
func unprivileged(command *exec.Cmd) *exec.Cmd {
	if os.Getuid() == 0 {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	return command
}

// readOnly checks, in a process of its own, what can be done with a file that cannot be written: read the run, and get a
// clear error for the rest. For the run "create" it adds a run instead.
func readOnly(ctx context.Context, store *sqlite.Store, id string) error {
	if id == "create" {
		id, err := tracker.NewID(clock, rand.Reader)
		if err != nil {
			return err
		}
		return store.CreateRun(ctx, &tracker.Run{ID: id, Status: tracker.Running, Session: 1})
	}
	if _, err := store.Run(ctx, id); err != nil {
		return err
	}
	if found, err := store.Search(ctx, "readable"); err != nil || len(found) != 1 {
		return fmt.Errorf("search: got %v, %w", found, err)
	}
	err := store.Log(ctx, id, storetest.Samples("x", 1))
	var full *tracker.Error
	if !errors.Is(err, tracker.ErrReadOnly) || !errors.As(err, &full) || full.Hint() == "" {
		return fmt.Errorf("log: got %w", err)
	}
	return nil
}

// FuzzSearch looks for words that break the query.
func FuzzSearch(f *testing.F) {
	for _, seed := range []string{"loss", `"a b" OR`, "a%_\\", "\x00abc", "abc\xff", "NEAR(a b)", "-x *"} {
		f.Add(seed)
	}
	store := open(f, filepath.Join(f.TempDir(), "paperlab.db"))
	storetest.Create(f, store, "fuzzed")
	f.Fuzz(func(t *testing.T, words string) {
		if _, err := store.Search(t.Context(), words); err != nil {
			t.Errorf("%q: %v", words, err)
		}
	})
}
