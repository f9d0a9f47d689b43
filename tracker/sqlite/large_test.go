package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"paperlab/tracker/storetest"
)

func TestManyPointsInAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paperlab.db")
	store := open(t, path)
	storetest.Large(t, store)
	began := time.Now()
	if err := store.Backup(t.Context(), path+".copy"); err != nil {
		t.Fatal(err)
	}
	t.Logf("back up: %v", time.Since(began))
	for _, name := range []string{path, path + ".copy"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %.1f MB", filepath.Base(name), float64(info.Size())/1e6)
	}
}
