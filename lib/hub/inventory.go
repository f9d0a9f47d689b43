package hub

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Repository is what the cache holds of a repository.
type Repository struct {
	Name      string     `json:"name"`  // as [ParseAddress] reads it: data sets with datasets/ before them
	Bytes     int64      `json:"bytes"` // on disk: what revisions share counts once, what is not yet whole counts too
	Revisions []Revision `json:"revisions"`
}

// Revision is a commit that the cache holds, or the files of it that somebody asked for.
type Revision struct {
	Commit string   `json:"commit"`
	Refs   []string `json:"refs"` // the branches and tags that stand for it
	Files  int      `json:"files"`
	Bytes  int64    `json:"bytes"` // of its files, with what other revisions share
}

// Repositories lists what the cache holds, by name; nothing where there is no cache yet.
func (c Cache) Repositories() ([]Repository, error) {
	entries, err := os.ReadDir(c.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("hub's cache: %w", err)
	}
	var all []Repository
	for _, entry := range entries {
		name, ok := repositoryName(entry.Name())
		if !ok || !entry.IsDir() {
			continue
		}
		r, err := readRepository(filepath.Join(c.Dir, entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("hub's cache: %w", err)
		}
		r.Name = name
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b Repository) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// repositoryName is the name that a folder of the cache stands for.
func repositoryName(folder string) (name string, ok bool) {
	kind, rest, ok := strings.Cut(folder, "--")
	rest = strings.Replace(rest, "--", "/", 1)
	if kind == "datasets" {
		return "datasets/" + rest, ok && checkName(rest) == nil
	}
	return rest, ok && kind == "models" && checkName(rest) == nil
}

func readRepository(dir string) (r Repository, err error) {
	refs, err := readRefs(filepath.Join(dir, "refs"))
	if err != nil {
		return r, err
	}
	commits, err := os.ReadDir(filepath.Join(dir, "snapshots"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return r, err
	}
	r.Revisions = []Revision{}
	for _, commit := range commits {
		files, err := readSnapshot(filepath.Join(dir, "snapshots", commit.Name()))
		if err != nil {
			return r, err
		}
		revision := Revision{Commit: commit.Name(), Refs: append([]string{}, refs[commit.Name()]...), Files: len(files)}
		for _, f := range files {
			revision.Bytes += f.size
		}
		r.Revisions = append(r.Revisions, revision)
	}
	r.Bytes, err = diskUse(dir)
	return r, err
}

// readRefs returns the names of the branches and tags by the commits that they stand for.
func readRefs(dir string) (byCommit map[string][]string, err error) {
	byCommit = map[string][]string{}
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		commit, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		key := strings.TrimSpace(string(commit))
		byCommit[key] = append(byCommit[key], filepath.ToSlash(name))
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return byCommit, err
}

// cachedFile is a file of a snapshot.
type cachedFile struct {
	blob string // the path of its contents; empty where the snapshot holds them itself, as on disks without links
	size int64
}

// readSnapshot lists the files of a snapshot. A link whose blob is lost counts as empty.
func readSnapshot(dir string) (files []cachedFile, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		var f cachedFile
		if entry.Type()&fs.ModeSymlink != 0 {
			target, err := os.Readlink(path)
			if err != nil {
				return err
			}
			if f.blob = target; !filepath.IsAbs(target) {
				f.blob = filepath.Join(filepath.Dir(path), target)
			}
		}
		if info, err := os.Stat(path); err == nil {
			f.size = info.Size()
		}
		files = append(files, f)
		return nil
	})
	return files, err
}

// diskUse sums the sizes of the plain files below a folder, or of one file.
func diskUse(dir string) (bytes int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	return bytes, err
}
