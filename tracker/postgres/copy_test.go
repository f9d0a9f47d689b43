package postgres_test

import (
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/postgres/pgtest"
	"paperlab/tracker/sqlite"
	"paperlab/tracker/storetest"
)

// A project moves from a file to a server, and a backup of the server is a file again.
func TestProjectMovesFromFileToServerAndBack(t *testing.T) {
	folder := t.TempDir()
	file := openFile(t, filepath.Join(folder, "paperlab.db"))
	storetest.Fill(t, file)
	server := open(t, newSchema(t))
	if err := tracker.Copy(t.Context(), file, server); err != nil {
		t.Fatal(err)
	}
	storetest.Same(t, server, file)

	backup := filepath.Join(folder, "backup.db")
	if err := server.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	storetest.Same(t, openFile(t, backup), file)
	if err := server.Backup(t.Context(), backup); !errors.Is(err, tracker.ErrExists) {
		t.Errorf("over a file that is there: got %v", err)
	}
	for name, store := range map[string]tracker.Store{"server": server, "backup": openFile(t, backup)} {
		if findings, err := store.Check(t.Context()); err != nil || len(findings) != 0 {
			t.Errorf("%s: got %q, %v", name, findings, err)
		}
	}
}

func openFile(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

func TestCheckFinds(t *testing.T) {
	for _, c := range []struct{ name, spoil, says string }{
		{"a missing point", "DELETE FROM points WHERE series = 1 AND step = 1", "points were logged"},
		{"a changed value", "UPDATE points SET value = 1e9 WHERE series = 1 AND step = 5", "its summary is not that of its points"},
		{"a changed time", "UPDATE points SET time = 7 WHERE series = 1 AND step = 5", "its summary is not that of its points"},
		{"points without a series", "INSERT INTO points VALUES (999, 1, 1, 0, 0, 0.5)", "some of series 999"},
		{"parameters that make no sense", "UPDATE params SET kind = 'int', value = 'many' WHERE key = 'lr'", "the runs cannot be read"},
		{"a content that lost a piece", "DELETE FROM chunks", "0 bytes long"},
		{"a content with another byte", "UPDATE chunks SET body = set_byte(body, 0, 0)", "its hash is"},
	} {
		t.Run(c.name, func(t *testing.T) {
			address := newSchema(t)
			store := open(t, address)
			storetest.Fill(t, store)
			pgtest.Do(t, "postgres", "SET search_path = "+address[strings.LastIndex(address, "=")+1:]+"; "+c.spoil)
			findings, err := store.Check(t.Context())
			if err != nil || !strings.Contains(strings.Join(findings, "\n"), c.says) {
				t.Errorf("got %q, %v; want %q", findings, err, c.says)
			}
		})
	}
}

// A content of several pieces is read as it was saved, and one that is collected while it is read ends with an error.
func TestLargeContents(t *testing.T) {
	store := open(t, newSchema(t))
	run := createRun(t, store)
	large := strings.Repeat("weights ", 400_000)
	saved, err := store.SaveArtifact(t.Context(), run, "model", clock, strings.NewReader(large))
	if err != nil || saved.Size != int64(len(large)) {
		t.Fatalf("got %+v, %v", saved, err)
	}
	content, err := store.OpenArtifact(t.Context(), saved.Hash)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	read := make([]byte, len(large))
	if n, err := content.Read(read[:5]); err != nil || n != 5 {
		t.Fatalf("got %d bytes, %v", n, err)
	}
	again, err := store.OpenArtifact(t.Context(), saved.Hash)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	var whole strings.Builder
	if _, err := io.Copy(&whole, again); err != nil || whole.String() != large {
		t.Errorf("got %d bytes, %v", whole.Len(), err)
	}
	if err := store.RemoveArtifact(t.Context(), run, "model"); err != nil {
		t.Fatal(err)
	}
	if collected, err := store.GC(t.Context(), clock); err != nil || collected.Bytes != saved.Size {
		t.Errorf("got %+v, %v", collected, err)
	}
	if _, err := io.Copy(io.Discard, content); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}
