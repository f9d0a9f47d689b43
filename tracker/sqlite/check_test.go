package sqlite_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/sqlite"
	"paperlab/tracker/storetest"
)

func TestCheckFinds(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, path string)
		says  string
	}{
		{"nothing in a sound store", func(*testing.T, string) {}, ""},
		{"a missing point", func(t *testing.T, path string) {
			change(t, path, "DELETE FROM points WHERE series = 1 AND step = 1")
		}, "points were logged"},
		{"a changed value", func(t *testing.T, path string) {
			change(t, path, "UPDATE points SET value = 1e9 WHERE (series, session, step) IN (SELECT series, session, step FROM points LIMIT 1)")
		}, "its summary is not that of its points"},
		{"points without a series", func(t *testing.T, path string) {
			change(t, path, "INSERT INTO points VALUES (999, 1, 1, 0, 0, 0.5, 0)")
		}, "some of series 999"},
		{"a series without its run", func(t *testing.T, path string) {
			change(t, path, "PRAGMA foreign_keys = OFF; UPDATE series SET run = 999 WHERE id = 1")
		}, "series names a runs row that is not there"},
		{"a run without its project", func(t *testing.T, path string) {
			change(t, path, "DELETE FROM projects WHERE name = 'default'")
		}, "its project or its revision is missing"},
		{"parameters that make no sense", func(t *testing.T, path string) {
			change(t, path, "UPDATE params SET kind = 'int', value = 'many' WHERE key = 'lr'")
		}, "the runs cannot be read"},
		{"a content that is missing", func(t *testing.T, path string) {
			remove(t, contents(t, path)[0])
		}, "not found"},
		{"a content that was cut off", func(t *testing.T, path string) {
			file := contents(t, path)[0]
			if err := errors.Join(os.Chmod(file, 0o644), os.Truncate(file, 3)); err != nil {
				t.Fatal(err)
			}
		}, "3 bytes long"},
		{"a content with another byte", func(t *testing.T, path string) {
			file := contents(t, path)[0]
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			content[0] ^= 1
			os.Chmod(file, 0o644)
			write(t, file, string(content))
		}, "its hash is"},
		{"a damaged page of an index", func(t *testing.T, path string) { damage(t, path, "runs_revision") }, "the file cannot be read"},
		{"a damaged page of points", func(t *testing.T, path string) { damage(t, path, "points") }, "the points cannot be read"},
		{"a damaged page of series", func(t *testing.T, path string) { damage(t, path, "series") }, "the points cannot be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "paperlab.db")
			filled(t, path)
			c.spoil(t, path)
			findings, err := open(t, path).Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			all := strings.Join(findings, "\n")
			if c.says == "" && all != "" || !strings.Contains(all, c.says) {
				t.Errorf("got %q, want %q", findings, c.says)
			}
			for _, f := range findings {
				if strings.TrimSpace(f) == "" {
					t.Errorf("an empty finding in %q", findings)
				}
			}
		})
	}
}

func filled(t *testing.T, path string) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Fill(t, store)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}

func contents(t *testing.T, path string) []string {
	t.Helper()
	files, err := filepath.Glob(path + ".artifacts/??/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("got %v, %v", files, err)
	}
	return files
}

// damage fills the root page of a table or index with garbage.
func damage(t *testing.T, path, object string) {
	t.Helper()
	page := ask(t, path, "SELECT rootpage FROM sqlite_schema WHERE name = '"+object+"'")
	writeAt(t, path, bytes.Repeat([]byte{0xA5}, 4096), (page-1)*4096)
}

func TestTruncatedFileIsNoticed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paperlab.db")
	filled(t, path)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, info.Size()/2/4096*4096); err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		if !errors.Is(err, tracker.ErrCorrupt) {
			t.Errorf("open: got %v", err)
		}
		return
	}
	defer store.Close()
	if findings, err := store.Check(t.Context()); err != nil || len(findings) == 0 {
		t.Errorf("check: got %v, %v", findings, err)
	}
}

func TestGCGivesSpaceBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paperlab.db")
	store := open(t, path)
	kept, gone := storetest.Create(t, store, "kept"), storetest.Create(t, store, "gone")
	for _, run := range []*tracker.Run{kept, gone} {
		if err := store.Log(t.Context(), run.ID, storetest.Samples("x", make([]float64, 50_000)...)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.SaveArtifact(t.Context(), gone.ID, "weights", clock, bytes.NewReader(make([]byte, 100_000))); err != nil {
		t.Fatal(err)
	}
	// What a process that died left behind, and what one is writing now.
	old, fresh := path+".artifacts/incoming-old", path+".artifacts/incoming-new"
	write(t, old, "x")
	write(t, fresh, "x")
	if err := os.Chtimes(old, clock, time.Now().Add(-48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	storetest.PutInBin(t, store, gone.ID, clock)
	collected, err := store.GC(t.Context(), clock.Add(time.Hour))
	if err != nil || collected.Runs != 1 || collected.Points != 50_000 || collected.Bytes < 1_000_000 {
		t.Errorf("got %+v, %v", collected, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Size() > 50_000*40 {
		t.Errorf("the file takes %d bytes, %v", info.Size(), err)
	}
	if left := append(glob(t, path+".artifacts/incoming-*"), glob(t, path+".artifacts/??/*")...); !slices.Equal(left, []string{fresh}) {
		t.Errorf("left: %v", left)
	}
	if again, err := store.GC(t.Context(), clock.Add(time.Hour)); err != nil || again.Runs != 0 || again.Points != 0 {
		t.Errorf("again: got %+v, %v", again, err)
	}
	if points, err := store.Points(t.Context(), kept.ID, "x", ""); err != nil || len(points) != 50_000 {
		t.Errorf("got %d points, %v", len(points), err)
	}
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return files
}
