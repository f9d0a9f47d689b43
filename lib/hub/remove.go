package hub

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Remove takes a repository out of the cache or, where its name goes on with @ and a revision (a branch, a tag or a whole
// commit), that revision with what no other revision needs, and returns how many bytes that freed. It refuses what is
// not in the cache, and what another process is fetching.
func (c Cache) Remove(name string) (freed int64, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("removing %s from the hub's cache: %w", name, err)
		}
	}()
	a, err := ParseAddress(name)
	if err != nil {
		return 0, err
	}
	if a.Path != "" {
		return 0, errors.New("only whole repositories and revisions can be removed")
	}
	repository := c.repository(a)
	if c.Dir == "" || !isDir(repository) {
		return 0, fmt.Errorf("it is not in %s (`paperlab cache ls` lists what is)", c.Dir)
	}
	locks := filepath.Join(c.Dir, ".locks", a.folder())
	unlock, err := lockAll(locks)
	if err != nil {
		return 0, err
	}
	defer unlock()
	if a.Revision != "" {
		dir, ok := snapshot(repository, a.Revision)
		if !ok {
			return 0, fmt.Errorf("revision %s is not there (`paperlab cache ls` lists what is)", a.Revision)
		}
		last, err := onlyOne(filepath.Dir(dir))
		if err != nil {
			return 0, err
		}
		if !last {
			return removeRevision(repository, dir)
		}
	}
	if freed, err = diskUse(repository); err != nil {
		return 0, err
	}
	return freed, errors.Join(os.RemoveAll(repository), os.RemoveAll(locks))
}

// onlyOne says whether a folder holds a single entry.
func onlyOne(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	return len(entries) == 1, err
}

// lockAll takes all locks of a repository that there are, so that no other process is fetching from it.
func lockAll(dir string) (unlock func(), err error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.lock"))
	if err != nil {
		return nil, err
	}
	var held []func()
	unlock = func() {
		for _, release := range held {
			release()
		}
	}
	for _, path := range paths {
		release, err := lock(path)
		if err != nil {
			unlock()
			return nil, err
		}
		held = append(held, release)
	}
	return unlock, nil
}

// removeRevision removes a snapshot, the refs that stand for it, and the blobs that only it needs. Refs go first: what an
// interrupt leaves then is found by nobody, and freed by the next call for the whole repository.
func removeRevision(repository, dir string) (freed int64, err error) {
	blobs, err := onlyHere(dir)
	if err != nil {
		return 0, err
	}
	if freed, err = diskUse(dir); err != nil {
		return 0, err
	}
	refs := filepath.Join(repository, "refs")
	byCommit, err := readRefs(refs)
	if err != nil {
		return 0, err
	}
	for _, ref := range byCommit[filepath.Base(dir)] {
		if err := os.Remove(filepath.Join(refs, filepath.FromSlash(ref))); err != nil {
			return 0, err
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		return 0, err
	}
	for _, blob := range blobs {
		if filepath.Dir(blob) != filepath.Join(repository, "blobs") {
			continue // a link that leads elsewhere is not ours to follow
		}
		info, err := os.Lstat(blob)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.Remove(blob)
		}
		if err != nil {
			return freed, err
		}
		freed += info.Size()
	}
	return freed, nil
}

// onlyHere returns the blobs of a snapshot that no snapshot beside it needs.
func onlyHere(dir string) (blobs []string, err error) {
	others, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		return nil, err
	}
	needed := map[string]bool{}
	for _, other := range others {
		if other.Name() == filepath.Base(dir) {
			continue
		}
		files, err := readSnapshot(filepath.Join(filepath.Dir(dir), other.Name()))
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			needed[f.blob] = true
		}
	}
	files, err := readSnapshot(dir)
	for _, f := range files {
		if f.blob != "" && !needed[f.blob] {
			needed[f.blob] = true // two names may share it
			blobs = append(blobs, f.blob)
		}
	}
	return blobs, err
}
