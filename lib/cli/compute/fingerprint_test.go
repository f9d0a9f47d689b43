package compute

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestAHashIsRememberedUntilAFileOfTheModelChanges(t *testing.T) {
	dir, cache := t.TempDir(), filepath.Join(t.TempDir(), "hashes")
	blob, link := filepath.Join(t.TempDir(), "blob"), filepath.Join(dir, "model.safetensors")
	if err := os.WriteFile(blob, []byte("weights"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(blob, link); err != nil { // as in the hub's cache
		t.Fatal(err)
	}
	const hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	now, computed := time.Now(), 0
	compute := func() (string, error) { computed++; return hash, nil }
	ask := func(now time.Time) {
		t.Helper()
		looks, err := fingerprintOf(dir)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := looks.remembered(cache, now, compute); got != hash || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
	later := now.Add(time.Hour)
	for _, c := range []struct {
		what     string
		change   func()
		now      time.Time
		computed int // since the beginning
	}{
		{"the first time", func() {}, now, 1},
		{"while it may still be written to", func() {}, now, 2},
		{"left alone", func() {}, later, 3},
		{"again", func() {}, later, 3},
		{"changed behind a link, its time set back", func() {
			info, err := os.Stat(blob)
			if err != nil {
				t.Fatal(err)
			}
			before, err := fingerprintOf(dir)
			if err != nil {
				t.Fatal(err)
			}
			for looks := before; looks.newest.Equal(before.newest) && err == nil; { // until the clock of the file system ticks
				err = errors.Join(os.WriteFile(blob, []byte("WEIGHTS"), 0o600), os.Chtimes(blob, info.ModTime(), info.ModTime()))
				if err == nil {
					looks, err = fingerprintOf(dir)
				}
			}
			if err != nil {
				t.Fatal(err)
			}
		}, later, 4},
		{"again", func() {}, later, 4},
		{"with another file", func() {
			if err := os.WriteFile(filepath.Join(dir, "config.json"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, later, 5},
		{"with a cache of rubble", func() {
			known, err := filepath.Glob(filepath.Join(cache, "*"))
			if err != nil || len(known) != 3 {
				t.Fatalf("%v, %v", known, err)
			}
			for _, file := range known {
				if err := os.WriteFile(file, []byte("rubble"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}, later, 6},
	} {
		c.change()
		ask(c.now)
		if computed != c.computed {
			t.Errorf("%s: computed %d times, want %d", c.what, computed, c.computed)
		}
	}
}
