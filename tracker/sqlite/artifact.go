package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"paperlab/tracker"
)

// SaveArtifact copies the content into the folder beside the database, once for equal contents, and notes it in the run.
func (s *Store) SaveArtifact(ctx context.Context, run, name string, at time.Time, content io.Reader) (tracker.Artifact, error) {
	const op = "save artifact of run"
	clean, err := tracker.CleanArtifactName(name)
	if err != nil {
		return tracker.Artifact{}, explain(op, run, err)
	}
	if _, err := s.Run(ctx, run); err != nil {
		return tracker.Artifact{}, explain(op, run, err)
	}
	// The content is durable before the row that names it: a crash in between leaves a file that nobody misses.
	hash, size, err := s.saveContent(ctx, content)
	if err != nil {
		return tracker.Artifact{}, explain(op, run, fmt.Errorf("%s: %w", clean, err))
	}
	artifact := tracker.Artifact{Name: clean, Hash: hash, Size: size, Time: at.Truncate(time.Millisecond).UTC()}
	err = s.write(ctx, op, run, func(t transaction) error {
		seq, err := t.seq(run)
		if err != nil {
			return err
		}
		return t.exec("INSERT INTO artifacts (run, name, hash, size, time) VALUES (?, ?, ?, ?, ?)",
			seq, clean, hash, size, at.UnixMilli())
	})
	return artifact, err
}

// Artifacts returns the run's artifacts in the order in which they were saved.
func (s *Store) Artifacts(ctx context.Context, run string) ([]tracker.Artifact, error) {
	var artifacts []tracker.Artifact
	err := s.read(ctx, "list artifacts of run", run, func(t transaction) error {
		seq, err := t.seq(run)
		if err != nil {
			return err
		}
		rows, err := t.query("SELECT name, hash, size, time FROM artifacts WHERE run = ? ORDER BY id", seq)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var a tracker.Artifact
			var at sql.NullInt64
			if err := rows.Scan(&a.Name, &a.Hash, &a.Size, &at); err != nil {
				return err
			}
			a.Time = timeOf(at)
			artifacts = append(artifacts, a)
		}
		return rows.Err()
	})
	return artifacts, err
}

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

func (s *Store) contentPath(hash string) string {
	return filepath.Join(s.path+".artifacts", hash[:2], hash)
}

// saveContent writes to a temporary file, since the name is known only at the end, and moves it to its place.
func (s *Store) saveContent(ctx context.Context, content io.Reader) (hash string, size int64, err error) {
	folder := s.path + ".artifacts"
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", 0, err
	}
	file, err := os.CreateTemp(folder, "incoming-*")
	if err != nil {
		return "", 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, file.Close(), os.Remove(file.Name()))
		}
	}()
	sum := sha256.New()
	size, err = io.Copy(io.MultiWriter(file, sum), cancelled{ctx, content})
	if err != nil {
		return "", 0, err
	}
	hash = hex.EncodeToString(sum.Sum(nil))
	if err := errors.Join(file.Chmod(0o444), file.Sync(), file.Close()); err != nil {
		return "", 0, err
	}
	return hash, size, moveDurably(file.Name(), s.contentPath(hash))
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
