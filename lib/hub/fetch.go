package hub

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
	"golang.org/x/sync/errgroup"
)

// parallel is how many requests a fetch makes at a time: enough to fill a line, and polite.
const parallel = 4

// Fetch downloads the files that Paperlab reads of a model, of a data set, or of a part of either (see [ParseAddress]) into
// the cache, and returns their folder, or the file where the address names one. An empty revision means the one in the
// address, else main. What is there already is not downloaded again, and what a broken connection or an earlier call left
// unfinished is continued. Each file is checked against its hash before it is given its name, and the revision
// points to the new files only once all are there. Where the hub asks to slow down, the fetch does. If the cache is offline,
// what is there is returned and anything else is an error.
//
// progress, if not nil, is called as bytes arrive, one call at a time but from several goroutines, with the bytes that are
// there and the sum of all files that were not. Cancelling ctx stops the download; what has arrived stays for the next call.
func (c Cache) Fetch(ctx context.Context, name, revision string, progress func(done, total int64)) (path string, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("fetching %s: %w", name, err)
		}
	}()
	a, err := ParseAddress(name)
	if err != nil {
		return "", err
	}
	if a, err = a.pin(revision); err != nil {
		return "", err
	}
	if c.Dir == "" {
		return "", errors.New("there is no cache folder: set HF_HUB_CACHE or HOME")
	}
	if c.Offline {
		if path, ok := c.cached(a); ok {
			return path, nil
		}
		return "", fmt.Errorf("HF_HUB_OFFLINE is set, and revision %s is not in %s", a.Revision, c.repository(a))
	}
	return c.download(ctx, a, progress)
}

// Cached returns the file or folder that an address names, as far as it is in the cache; it never touches the network.
func (c Cache) Cached(address string) (path string, err error) {
	a, err := ParseAddress(address)
	if err == nil {
		a, err = a.pin("")
	}
	if err != nil {
		return "", err
	}
	if path, ok := c.cached(a); ok && c.Dir != "" {
		return path, nil
	}
	return "", fmt.Errorf("%s is not in the hub's cache at %s (`paperlab fetch %s` brings it)", address, c.Dir, address)
}

func (c Cache) cached(a Address) (path string, ok bool) {
	dir, ok := snapshot(c.repository(a), a.Revision)
	if !ok {
		return "", false
	}
	path = filepath.Join(dir, filepath.FromSlash(a.Path))
	_, err := os.Stat(path)
	return path, err == nil
}

func (c Cache) download(ctx context.Context, a Address, progress func(done, total int64)) (path string, err error) {
	r := newRemote(c, a)
	defer r.client.CloseIdleConnections()
	commit, files, err := r.list(ctx, a.Revision)
	if err != nil {
		return "", err
	}
	files = pick(a, files)
	if len(files) == 0 && (a.Dataset || a.Path != "") {
		return "", fmt.Errorf("revision %s holds nothing there that Paperlab reads (datasets come as Parquet, JSON, CSV or text; the hub converts many at %s)", a.Revision, Parquet)
	}
	repository := c.repository(a)
	d := download{
		remote: r,
		blobs:  filepath.Join(repository, "blobs"),
		locks:  filepath.Join(c.Dir, ".locks", filepath.Base(repository)),
		tally:  &tally{report: progress},
	}
	dir := filepath.Join(repository, "snapshots", commit)
	missing, err := d.missing(ctx, dir, commit, files)
	if err == nil {
		err = d.all(ctx, missing)
	}
	for _, f := range missing {
		if err == nil {
			err = d.link(dir, f)
		}
	}
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, filepath.FromSlash(a.Path)), setRef(repository, a.Revision, commit)
}

// missing asks for the hashes and sizes of the files that a snapshot lacks.
func (d download) missing(ctx context.Context, snapshot, commit string, files []string) ([]remoteFile, error) {
	var names []string
	for _, name := range files {
		if !filepath.IsLocal(name) {
			return nil, fmt.Errorf("%s: the hub lists a file outside of the repository's folder", name)
		}
		if _, err := os.Stat(filepath.Join(snapshot, filepath.FromSlash(name))); err != nil { // a commit's files do not change
			names = append(names, name)
		}
	}
	missing := make([]remoteFile, len(names))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for i, name := range names {
		group.Go(func() (err error) {
			if missing[i], err = d.remote.stat(ctx, commit, name); err != nil {
				err = fmt.Errorf("%s: %w", name, err)
			}
			return err
		})
	}
	return missing, group.Wait()
}

// all brings the contents of files, those that are equal once.
func (d download) all(ctx context.Context, files []remoteFile) error {
	contents := map[string]remoteFile{}
	for _, f := range files {
		if _, twice := contents[f.etag]; !twice {
			d.tally.total += f.size
		}
		contents[f.etag] = f
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for _, f := range contents {
		group.Go(func() error {
			if err := d.blob(ctx, f); err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
			return nil
		})
	}
	return group.Wait()
}

// link makes a file of a snapshot, a link to its blob.
func (d download) link(snapshot string, f remoteFile) error {
	link := filepath.Join(snapshot, filepath.FromSlash(f.name))
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
