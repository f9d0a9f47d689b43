package sqlite_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/storetest"
)

// While the bin is emptied and the file rewritten, a reader looks at the old state, other processes log, and contents come in.
func TestGCDisturbsNobody(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paperlab.db")
	store := open(t, path)
	kept := storetest.Create(t, store, "kept")
	if err := store.Log(t.Context(), kept.ID, storetest.Samples("x", make([]float64, 25_000)...)); err != nil {
		t.Fatal(err)
	}
	const writers, count, rounds = 2, 100, 6
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			if err := process(t, "one by one", path, kept.ID, fmt.Sprint("process/", w), fmt.Sprint(count)).Run(); err != nil {
				t.Error(err)
			}
		})
	}
	for round := range rounds {
		gone := storetest.Create(t, store, "gone")
		storetest.FillRun(t, store, gone.ID)
		storetest.PutInBin(t, store, gone.ID, clock)
		read := 0
		err := store.EachPoints(t.Context(), kept.ID, "x", "", func(points []tracker.Point) error {
			if read += len(points); read > 10_000 {
				return nil
			}
			storetest.FillRun(t, store, kept.ID)
			_, err := store.GC(t.Context(), clock.AddDate(1, 0, 0))
			return err
		})
		if err != nil || read < 25_000 {
			t.Errorf("round %d: read %d, %v", round, read, err)
		}
	}
	group.Wait()
	if findings, err := store.Check(t.Context()); err != nil || len(findings) != 0 {
		t.Errorf("got %q, %v", findings, err)
	}
	if artifacts, err := store.Artifacts(t.Context(), kept.ID); err != nil || len(artifacts) != rounds {
		t.Errorf("got %d artifacts, %v", len(artifacts), err)
	}
}
