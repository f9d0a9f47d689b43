package summarize_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"paperlab/lib/summarize"
)

// sparse makes a file of a size that takes no room on the disk, last used so many hours ago.
func sparse(t *testing.T, dir, name string, size int64, hours int) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
	used := time.Now().Add(-time.Duration(hours) * time.Hour)
	if err := os.Chtimes(path, used, used); err != nil {
		t.Fatal(err)
	}
}

// named is what a file of the cache may be called.
func named(digit byte) string { return strings.Repeat(string(digit), 64) + ".tokens" }

func listed(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestACacheThatIsTooLargeLosesWhatWasNotUsedForLongest(t *testing.T) {
	m, cache := small(t), t.TempDir()
	p := summarize.Preparer{Model: m, How: how, Cache: cache}
	prepared(t, p, 3)
	own := listed(t, cache)
	if len(own) != 1 {
		t.Fatalf("%q", own)
	}
	ago := time.Now().Add(-9 * time.Hour)
	if err := os.Chtimes(filepath.Join(cache, own[0]), ago, ago); err != nil {
		t.Fatal(err)
	}
	const mb = 1 << 20
	sparse(t, cache, named('a'), 150*mb, 1)
	sparse(t, cache, named('b'), 150*mb, 5)
	sparse(t, cache, "."+named('c')+"123", 90*mb, 7) // of a writer that was killed
	sparse(t, cache, "my.tokens", 300*mb, 9)         // not the cache's
	prepared(t, p, 3)
	want := append([]string{named('a'), "my.tokens"}, own...) // the last used just now
	slices.Sort(want)
	if got := listed(t, cache); !slices.Equal(got, want) {
		t.Errorf("left are %q, want %q", got, want)
	}
}

func TestACacheIsSweptWhileOthersUseIt(t *testing.T) {
	m, cache := small(t), t.TempDir()
	var all sync.WaitGroup
	for i := range 6 {
		sparse(t, cache, named(byte('a'+i)), 200<<20, i)
	}
	for range 6 {
		all.Go(func() {
			p := summarize.Preparer{Model: m, How: how, Cache: cache}
			if _, err := p.Examples(t.Context(), stream(papers(70), nil)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := listed(t, cache); len(got) != 3 || !slices.Contains(got, named('a')) {
		t.Errorf("left are %q, want the newest and two of 70 papers", got)
	}
}
