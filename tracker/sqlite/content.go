package sqlite

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"paperlab/tracker"
)

// Contents of artifacts and images are files named after their hash, in a folder beside the database. They are added and
// removed only by who holds the write lock of the database, so that no row ever names a content that is being collected.

// incoming is a content under a temporary name.
type incoming struct {
	path string
	hash string
	size int64
}

// withContent takes a content in, and lets note, in the transaction that also moves the content to its place, add the
// row that names it.
func (s *Store) withContent(ctx context.Context, op, run string, content io.Reader, note func(transaction, int64, *incoming) error) error {
	if _, err := s.Run(ctx, run); err != nil {
		return explain(op, run, err)
	}
	taken, err := s.takeIn(ctx, content)
	if err != nil {
		return explain(op, run, err)
	}
	return s.write(ctx, op, run, func(t transaction) error {
		seq, err := t.changing(run)
		if err == nil {
			// Durable before the row that names it: a crash in between leaves a file that nobody misses.
			err = moveDurably(taken.path, s.contentPath(taken.hash))
		}
		if err != nil {
			return errors.Join(err, os.RemoveAll(taken.path))
		}
		return note(t, seq, taken)
	})
}

// takeIn writes the content to a temporary file, since its name is known only at the end.
func (s *Store) takeIn(ctx context.Context, content io.Reader) (_ *incoming, err error) {
	folder := s.contentFolder()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(folder, incomingPrefix+"*")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, file.Close(), os.Remove(file.Name()))
		}
	}()
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(file, sum), cancelled{ctx, content})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(file.Chmod(0o444), file.Sync()); err != nil {
		return nil, err
	}
	return &incoming{file.Name(), hex.EncodeToString(sum.Sum(nil)), size}, file.Close()
}

const incomingPrefix = "incoming-"

// OpenArtifact opens the content with this hash.
func (s *Store) OpenArtifact(_ context.Context, hash string) (io.ReadCloser, error) {
	const op = "open artifact"
	if sum, err := hex.DecodeString(hash); err != nil || len(sum) != sha256.Size {
		return nil, explain(op, hash, fmt.Errorf("%w hash: want 64 hexadecimal digits", tracker.ErrInvalid))
	}
	file, err := os.Open(s.contentPath(hash))
	if errors.Is(err, os.ErrNotExist) {
		return nil, explain(op, hash, tracker.ErrNotFound)
	}
	if err != nil {
		return nil, explain(op, hash, err)
	}
	return file, nil
}

func (s *Store) contentFolder() string { return s.path + ".artifacts" }

func (s *Store) contentPath(hash string) string {
	return filepath.Join(s.contentFolder(), hash[:2], hash)
}

// moveDurably renames a file into a folder that it creates if need be, and returns when that is on the disk.
func moveDurably(from, to string) error {
	folder := filepath.Dir(to)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return errors.Join(syncFolder(folder), syncFolder(filepath.Dir(folder)), syncFolder(filepath.Dir(filepath.Dir(folder))))
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// cancelled is a reader that fails when its context ends.
type cancelled struct {
	ctx context.Context
	io.Reader
}

func (c cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.Reader.Read(p)
}
