package corpus_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"paperlab/lib/corpus"
)

func TestTruncate(t *testing.T) {
	tests := []struct {
		name, input string
		n           int
		want        string
		count       int
	}{
		{"the first lines as they stand", "{\"a\": 1}\r\n\nbad\nfour\n", 3, "{\"a\": 1}\r\n\nbad\n", 3},
		{"a file that is shorter is copied whole, without an end of line added", "a\nb", 20000, "a\nb", 2},
		{"a byte order mark is left out", "\ufeffa\nb\n", 1, "a\n", 1},
		{"an empty file", "", 5, "", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, input := range [][]byte{[]byte(test.input), zipped(t, []byte(test.input))} {
				folder := t.TempDir()
				src, dst := filepath.Join(folder, "src"), filepath.Join(folder, "new", "folder", "dst.json")
				if err := os.WriteFile(src, input, 0o644); err != nil {
					t.Fatal(err)
				}
				count, err := corpus.Truncate(t.Context(), src, dst, test.n)
				if err != nil {
					t.Fatal(err)
				}
				got, err := os.ReadFile(dst)
				if err != nil {
					t.Fatal(err)
				}
				if string(got) != test.want || count != test.count {
					t.Errorf("%d lines %q, want %d lines %q", count, got, test.count, test.want)
				}
			}
		})
	}
}

func TestFailedTruncateLeavesWhatWasThere(t *testing.T) {
	folder := t.TempDir()
	src, dst := filepath.Join(folder, "src.gz"), filepath.Join(folder, "dst.json")
	whole := zipped(t, []byte("a\nb\nc\n"))
	if err := os.WriteFile(src, whole[:len(whole)-9], 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dst, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := corpus.Truncate(t.Context(), src, dst, 100); err == nil {
		t.Error("a gzip stream cut short gave no error")
	}
	if _, err := corpus.Truncate(cancelled, src, dst, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context gave %v", err)
	}
	if _, err := corpus.Truncate(t.Context(), src, dst, 0); err == nil {
		t.Error("zero lines gave no error")
	}
	if _, err := corpus.Truncate(t.Context(), filepath.Join(folder, "none"), dst, 1); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no source gave %v", err)
	}
	if got, _ := os.ReadFile(dst); string(got) != "old" {
		t.Errorf("the old file is now %q", got)
	}
	if entries, _ := os.ReadDir(folder); len(entries) != 2 {
		t.Errorf("%d files left in the folder, want 2", len(entries))
	}
}

func TestTruncateInPlace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "papers.json")
	if err := os.WriteFile(path, []byte("a\nb\nc\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := corpus.Truncate(t.Context(), path, path, 2); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "a\nb\n" {
		t.Errorf("got %q", got)
	}
}
