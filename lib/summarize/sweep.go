package summarize

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// cacheLimit is how many bytes a cache of tokens may hold: those of some 500,000 papers at the study's lengths.
const cacheLimit = 256 << 20

// cacheFile is what a file of the cache is called, and, with a point before and a number behind, one that is being written.
var cacheFile = regexp.MustCompile(`^\.?[0-9a-f]{64}\.tokens[0-9]*$`)

// sweep removes the files that were not used for longest from a cache that holds too much, and with them what writers left that were
// killed. Others may read, write and sweep meanwhile: they miss a file that is gone, and make it anew.
func (c *tokenCache) sweep() error {
	if c == nil {
		return nil
	}
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCache, err)
	}
	var files []fs.FileInfo
	var size int64
	for _, entry := range entries {
		if !cacheFile.MatchString(entry.Name()) || !entry.Type().IsRegular() {
			continue
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrCache, err)
		}
		files, size = append(files, info), size+info.Size()
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int {
		return cmp.Or(a.ModTime().Compare(b.ModTime()), cmp.Compare(a.Name(), b.Name()))
	})
	for _, file := range files {
		if size <= cacheLimit {
			break
		}
		err := os.Remove(filepath.Join(c.dir, file.Name()))
		// What another has swept is gone already, and a folder that may only be read is others' to sweep.
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
			return fmt.Errorf("%w: %w", ErrCache, err)
		}
		size -= file.Size()
	}
	return nil
}
