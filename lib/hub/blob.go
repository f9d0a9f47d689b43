package hub

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"sync"

	"golang.org/x/sys/unix"
)

// etagName matches ETags that can name a file.
var etagName = regexp.MustCompile(`^\w[\w-]*(\.\w[\w-]*)*$`)

// download brings the contents of one repository's files into its folder of blobs.
type download struct {
	remote       remote
	blobs, locks string
	tally        *tally
}

// blob brings one file's contents. They gather in ETAG.incomplete, which outlives a failure, and are renamed once
// they are whole and right.
func (d download) blob(ctx context.Context, f remoteFile) error {
	path := filepath.Join(d.blobs, f.etag)
	if _, err := os.Stat(path); err == nil {
		d.tally.add(f.size)
		return nil
	}
	if err := errors.Join(os.MkdirAll(d.blobs, 0o755), os.MkdirAll(d.locks, 0o755)); err != nil {
		return err
	}
	unlock, err := lock(filepath.Join(d.locks, f.etag+".lock"))
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := os.Stat(path); err == nil {
		d.tally.add(f.size)
		return nil // another process was faster
	}
	part, err := os.OpenFile(path+".incomplete", os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer part.Close()
	if err := d.fill(ctx, part, f); err != nil {
		return err
	}
	if err := verify(part, f); err != nil {
		// Continuing it would fail again.
		return errors.Join(err, os.Remove(part.Name()))
	}
	if err := part.Sync(); err != nil {
		return err
	}
	return os.Rename(part.Name(), path)
}

// fill downloads what is missing of a file, and takes up a broken connection where it broke for as long as each
// attempt brings more than those before.
func (d download) fill(ctx context.Context, part *os.File, f remoteFile) error {
	stat, err := part.Stat()
	if err != nil {
		return err
	}
	done := stat.Size()
	if done > f.size {
		done = 0
	}
	d.tally.add(done)
	for most := done; done < f.size; most = done {
		done, err = d.copy(ctx, part, f, done)
		if done < f.size && (done <= most || ctx.Err() != nil) {
			return fmt.Errorf("%d of %d bytes are there, and the next fetch goes on from them: %w", done, f.size, err)
		}
	}
	return part.Truncate(f.size)
}

// copy makes one attempt to continue a file at an offset, and returns how much of it is there then.
func (d download) copy(ctx context.Context, part *os.File, f remoteFile, offset int64) (done int64, err error) {
	body, begin, err := d.remote.open(ctx, f, offset)
	if err != nil {
		return offset, err
	}
	defer body.Close()
	if err := part.Truncate(begin); err != nil {
		return offset, err
	}
	d.tally.add(begin - offset)
	w := &countingWriter{io.NewOffsetWriter(part, begin), begin, d.tally}
	_, err = io.CopyBuffer(w, io.LimitReader(body, f.size-begin), make([]byte, 1<<18))
	if err == nil && w.done < f.size {
		err = io.ErrUnexpectedEOF
	}
	return w.done, err
}

// countingWriter counts what is written of a file, also in the tally of all.
type countingWriter struct {
	w     io.Writer
	done  int64
	tally *tally
}

func (c *countingWriter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.done += int64(n)
	c.tally.add(int64(n))
	return n, err
}

// tally counts the bytes of files that come at the same time.
type tally struct {
	mu          sync.Mutex
	done, total int64
	report      func(done, total int64)
}

func (t *tally) add(n int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done += n
	if t.report != nil {
		t.report(t.done, t.total)
	}
}

// verify holds a file against its ETag: the SHA-256 of a file in large file storage, git's SHA-1 of any other. An
// ETag of another form, which a mirror may send, says nothing.
func verify(file *os.File, f remoteFile) error {
	var h hash.Hash
	switch want, err := hex.DecodeString(f.etag); {
	case err == nil && len(want) == sha256.Size:
		h = sha256.New()
	case err == nil && len(want) == sha1.Size:
		h = sha1.New()
		fmt.Fprintf(h, "blob %d\x00", f.size)
	default:
		return nil
	}
	if _, err := io.Copy(h, io.NewSectionReader(file, 0, f.size)); err != nil {
		return err
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != f.etag {
		return fmt.Errorf("the download is damaged: its hash is %s, not %s; fetch again", got, f.etag)
	}
	return nil
}

// lock takes a file lock, the one that huggingface_hub takes, which ends with the process at the latest.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("another process is fetching it (%s: %w)", path, err)
	}
	return func() { _ = f.Close() }, nil
}
