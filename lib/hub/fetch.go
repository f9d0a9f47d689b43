package hub

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
)

// Fetch downloads a model's files that Paperlab reads into the cache and returns their folder. An empty revision
// means main. What is there already is not downloaded again, and what a broken connection or an earlier call left
// unfinished is continued. Each file is checked against its hash before it is given its name, and the revision
// points to the new files only once all are there. If the cache is offline, a model that is there is returned and
// any other is an error.
//
// progress, if not nil, is called as bytes arrive, from the calling goroutine, with the file's name, the bytes there
// and the file's size. Cancelling ctx stops the download; what has arrived stays for the next call.
func (c Cache) Fetch(ctx context.Context, name, revision string, progress func(file string, done, total int64)) (dir string, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("fetching %s: %w", name, err)
		}
	}()
	if revision == "" {
		revision = "main"
	}
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	if err := errors.Join(checkName(name), checkRevision(revision)); err != nil {
		return "", err
	}
	if c.Dir == "" {
		return "", errors.New("there is no cache folder: set HF_HUB_CACHE or HOME")
	}
	repository := c.repository(name)
	if c.Offline {
		if dir, ok := snapshot(repository, revision); ok {
			return dir, nil
		}
		return "", fmt.Errorf("HF_HUB_OFFLINE is set, and revision %s is not in %s", revision, repository)
	}
	r := newRemote(c, name)
	defer r.client.CloseIdleConnections()
	commit, files, err := r.list(ctx, revision)
	if err != nil {
		return "", err
	}
	d := download{
		remote:   r,
		blobs:    filepath.Join(repository, "blobs"),
		locks:    filepath.Join(c.Dir, ".locks", filepath.Base(repository)),
		progress: progress,
	}
	dir = filepath.Join(repository, "snapshots", commit)
	for _, file := range wanted(files) {
		if err := d.file(ctx, dir, commit, file); err != nil {
			return "", fmt.Errorf("%s: %w", file, err)
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	return dir, setRef(repository, revision, commit)
}

// file makes a file of a snapshot: the link, and the blob that it points to.
func (d download) file(ctx context.Context, snapshot, commit, name string) error {
	if !filepath.IsLocal(name) {
		return errors.New("the hub lists a file outside of the model's folder")
	}
	link := filepath.Join(snapshot, filepath.FromSlash(name))
	if _, err := os.Stat(link); err == nil {
		return nil // a commit's files do not change
	}
	f, err := d.remote.stat(ctx, commit, name)
	if err != nil {
		return err
	}
	if err := d.blob(ctx, f); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
		return err
	}
	target, err := filepath.Rel(filepath.Dir(link), filepath.Join(d.blobs, f.etag))
	if err != nil {
		return err
	}
	return renameio.Symlink(target, link)
}

// setRef notes the commit that a branch or tag stands for.
func setRef(repository, revision, commit string) error {
	if revision == commit {
		return nil
	}
	path := filepath.Join(repository, "refs", filepath.FromSlash(revision))
	if old, err := os.ReadFile(path); err == nil && strings.TrimSpace(string(old)) == commit {
		return nil // leaves a cache that cannot be written to alone
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return renameio.WriteFile(path, []byte(commit), 0o644, renameio.WithTempDir(filepath.Dir(path)))
}
