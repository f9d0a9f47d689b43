package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/jackc/pgx/v5"

	"paperlab/tracker"
)

// chunkSize is how much of a content lies in a row.
const chunkSize = 1 << 20

// incoming is a content in a temporary file.
type incoming struct {
	file *os.File
	hash string
	size int64
}

// withContent takes a content in, and lets note, in the transaction that also adds the content if it is new, add the row
// that names it. The content is read to its end before: its hash is known then, no transaction waits for its source, and
// one that lost a race can be repeated.
func (s *Store) withContent(ctx context.Context, op, run string, content io.Reader, note func(pgx.Tx, int64, *incoming) error) error {
	if _, err := s.Run(ctx, run); err != nil {
		return explain(op, run, err)
	}
	taken, err := takeIn(ctx, content)
	if errors.Is(err, syscall.ENOSPC) {
		return &tracker.Error{Op: op, On: run, Err: fmt.Errorf("%w: %w", tracker.ErrFull, err), Advice: "make room for temporary files, or name another folder with TMPDIR"}
	}
	if err != nil {
		return &tracker.Error{Op: op, On: run, Err: err}
	}
	defer taken.file.Close()
	return s.write(ctx, op, run, func(tx pgx.Tx) error {
		// Shared with others who add, against those who collect what no row names.
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock_shared($1)", contentLock); err != nil {
			return err
		}
		if err := add(ctx, tx, taken); err != nil {
			return err
		}
		seq, err := changing(ctx, tx, run)
		if err != nil {
			return err
		}
		return note(tx, seq, taken)
	})
}

// takeIn copies a content to a file that has no name any more: it is gone when it is closed.
func takeIn(ctx context.Context, content io.Reader) (_ *incoming, err error) {
	file, err := os.CreateTemp("", "paperlab-content-*")
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(file, sum), cancelled{ctx, content})
	if err := errors.Join(err, os.Remove(file.Name())); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &incoming{file, hex.EncodeToString(sum.Sum(nil)), size}, nil
}

// add adds a content unless there is an equal one.
func add(ctx context.Context, tx pgx.Tx, c *incoming) error {
	tag, err := tx.Exec(ctx, "INSERT INTO contents (hash, size) VALUES ($1, $2) ON CONFLICT DO NOTHING", c.hash, c.size)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	chunk := make([]byte, min(chunkSize, c.size))
	for number := int64(0); number*chunkSize < c.size; number++ {
		n, err := c.file.ReadAt(chunk, number*chunkSize)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if _, err := tx.Exec(ctx, "INSERT INTO chunks (hash, number, body) VALUES ($1, $2, $3)", c.hash, number, chunk[:n]); err != nil {
			return err
		}
	}
	return nil
}

// OpenArtifact opens the content with this hash.
func (r reader) OpenArtifact(ctx context.Context, hash string) (io.ReadCloser, error) {
	const op = "open artifact"
	if sum, err := hex.DecodeString(hash); err != nil || len(sum) != sha256.Size {
		return nil, explain(op, hash, fmt.Errorf("%w hash: want 64 hexadecimal digits", tracker.ErrInvalid))
	}
	c := &content{ctx: ctx, reader: r, hash: hash}
	err := r.read(ctx, op, hash, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "SELECT size FROM contents WHERE hash = $1", hash).Scan(&c.left)
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// content reads a content, a piece at a time. Contents never change, and so the pieces need no common transaction.
type content struct {
	ctx    context.Context
	reader reader
	hash   string
	next   int64 // piece to fetch
	left   int64 // bytes not yet fetched
	piece  []byte
}

// Read implements io.Reader.
func (c *content) Read(p []byte) (int, error) {
	if len(c.piece) == 0 && c.left > 0 {
		if err := c.fetch(); err != nil {
			return 0, err
		}
	}
	if len(c.piece) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.piece)
	c.piece = c.piece[n:]
	return n, nil
}

func (c *content) fetch() error {
	const op = "read artifact"
	err := c.reader.read(c.ctx, op, c.hash, func(tx pgx.Tx) error {
		return tx.QueryRow(c.ctx, "SELECT body FROM chunks WHERE hash = $1 AND number = $2", c.hash, c.next).Scan(&c.piece)
	})
	if err != nil {
		return err
	}
	if len(c.piece) == 0 || int64(len(c.piece)) > c.left {
		return explain(op, c.hash, fmt.Errorf("%w: its piece %d has %d bytes", tracker.ErrCorrupt, c.next, len(c.piece)))
	}
	c.next++
	c.left -= int64(len(c.piece))
	return nil
}

// Close implements io.Closer.
func (c *content) Close() error {
	c.left, c.piece = 0, nil
	return nil
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
