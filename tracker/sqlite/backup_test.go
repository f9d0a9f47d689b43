package sqlite_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/storetest"
)

func TestBackupHoldsEverything(t *testing.T) {
	folder := t.TempDir()
	store := open(t, filepath.Join(folder, "paperlab.db"))
	storetest.Fill(t, store)
	copied := filepath.Join(folder, "copy.db")
	if err := store.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	storetest.Same(t, open(t, copied), store)

	err := store.Backup(t.Context(), copied)
	var full *tracker.Error
	if !errors.Is(err, tracker.ErrExists) || !errors.As(err, &full) || full.Hint() == "" {
		t.Errorf("over a file that is there: got %v", err)
	}
	if err := store.Backup(t.Context(), filepath.Join(folder, "missing", "copy.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("into a folder that is not there: got %v", err)
	}
}

func TestBackupWhileAWriterWritesIsOneMoment(t *testing.T) {
	folder := t.TempDir()
	store := open(t, filepath.Join(folder, "paperlab.db"))
	run := storetest.Create(t, store, "busy")
	stop, written := make(chan struct{}), make(chan int)
	go func() {
		count := 0
		defer func() { written <- count }()
		for {
			select {
			case <-stop:
				return
			default:
			}
			// Both series in one call: a copy of one moment has as many of one as of the other.
			samples := append(sampleAt("a", count), sampleAt("b", count)...)
			if err := store.Log(t.Context(), run.ID, samples); err != nil {
				t.Error(err)
				return
			}
			count++
		}
	}()
	var counts []int64
	for i := range 5 {
		path := filepath.Join(folder, string(rune('a'+i))+".db")
		if err := store.Backup(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		copied := open(t, path)
		series, err := copied.Series(t.Context(), run.ID)
		if err != nil || len(series) == 2 && series[0].Count != series[1].Count {
			t.Fatalf("got %+v, %v", series, err)
		}
		if findings, err := copied.Check(t.Context()); err != nil || len(findings) != 0 {
			t.Errorf("got %q, %v", findings, err)
		}
		if len(series) > 0 {
			counts = append(counts, series[0].Count)
		}
	}
	close(stop)
	t.Logf("the copies hold %v of %d calls", counts, <-written)
}

func TestBackupThatFailsLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	store := open(t, filepath.Join(folder, "paperlab.db"))
	run := storetest.Create(t, store, "damaged")
	saved, err := store.SaveArtifact(t.Context(), run.ID, "a", clock, strings.NewReader("weights"))
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(t *testing.T, path string){
		"a content that was changed": func(t *testing.T, path string) { os.Chmod(path, 0o644); write(t, path, "Weights") },
		"a content that is missing":  remove,
	} {
		spoil(t, filepath.Join(folder, "paperlab.db.artifacts", saved.Hash[:2], saved.Hash))
		err := store.Backup(t.Context(), filepath.Join(folder, "copy.db"))
		if !errors.Is(err, tracker.ErrCorrupt) && !errors.Is(err, tracker.ErrNotFound) {
			t.Errorf("%s: got %v", name, err)
		}
		left, err := filepath.Glob(filepath.Join(folder, "*"))
		for _, file := range left {
			if !strings.HasPrefix(filepath.Base(file), "paperlab.db") {
				t.Errorf("%s: left behind: %s, %v", name, file, err)
			}
		}
	}
}

func TestCopyKeepsEverything(t *testing.T) {
	folder := t.TempDir()
	from, to := open(t, filepath.Join(folder, "from.db")), open(t, filepath.Join(folder, "to.db"))
	storetest.Fill(t, from)
	if err := tracker.Copy(t.Context(), from, to); err != nil {
		t.Fatal(err)
	}
	storetest.Same(t, to, from)
	if err := tracker.Copy(t.Context(), from, to); !errors.Is(err, tracker.ErrExists) {
		t.Errorf("twice: got %v", err)
	}
	storetest.Same(t, to, from)
}

func TestCopyThatWasInterruptedIsNotListedAndGoesWithGC(t *testing.T) {
	folder := t.TempDir()
	from, to := open(t, filepath.Join(folder, "from.db")), open(t, filepath.Join(folder, "to.db"))
	run := storetest.Create(t, from, "broken off")
	saved, err := from.SaveArtifact(t.Context(), run.ID, "a", clock, strings.NewReader("weights"))
	if err != nil {
		t.Fatal(err)
	}
	remove(t, filepath.Join(folder, "from.db.artifacts", saved.Hash[:2], saved.Hash))
	if err := tracker.Copy(t.Context(), from, to); !errors.Is(err, tracker.ErrNotFound) {
		t.Fatalf("got %v", err)
	}
	if runs, err := to.Runs(t.Context(), tracker.RunFilter{}); err != nil || len(runs) != 0 {
		t.Errorf("got %v, %v", runs, err)
	}
	if collected, err := to.GC(t.Context(), time.Now()); err != nil || collected.Runs != 1 {
		t.Errorf("got %+v, %v", collected, err)
	}
}
