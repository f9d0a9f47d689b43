package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// OwnCache is a folder of Paperlab's own cache, ${XDG_CACHE_HOME:-~/.cache}/paperlab, in which verbs keep what they would else work
// out again. What is in it may be removed at any time.
type OwnCache string

// The folders of Paperlab's own cache.
const (
	Hashes OwnCache = "hashes" // of models, by what their files look like
	PDFium OwnCache = "pdfium" // the reader of PDF files, compiled
	Tokens OwnCache = "tokens" // of the papers that train summarize learns from
)

var ownCaches = []OwnCache{Hashes, PDFium, Tokens}

// Dir returns the folder's path, where nothing need be yet. It is an error where there is no home folder.
func (c OwnCache) Dir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, "paperlab", string(c)), nil
}

// name is what cache ls and cache rm call the folder, among the repositories of the hub.
func (c OwnCache) name() string { return "paperlab/" + string(c) }

// ownCache finds a folder by that name.
func ownCache(name string) (c OwnCache, ok bool) {
	for _, c := range ownCaches {
		if c.name() == name {
			return c, true
		}
	}
	return "", false
}

// use counts the files in the folder, and their bytes.
func (c OwnCache) use() (files int, bytes int64, err error) {
	dir, err := c.Dir()
	if err != nil {
		return 0, 0, nil // without a home folder nothing was kept
	}
	err = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			files, bytes = files+1, bytes+info.Size()
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, 0, fmt.Errorf("cache of %s: %w", c, err)
	}
	return files, bytes, nil
}

// clear removes what is in the folder, which itself stays for whoever is writing, and returns how many bytes that freed.
func (c OwnCache) clear() (freed int64, err error) {
	dir, err := c.Dir()
	if err != nil {
		return 0, fmt.Errorf("cache of %s: %w", c, err)
	}
	_, freed, err = c.use()
	if err != nil || freed == 0 {
		return 0, err
	}
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, entry.Name())))
	}
	if err != nil {
		return 0, fmt.Errorf("cache of %s: %w", c, err)
	}
	return freed, nil
}
