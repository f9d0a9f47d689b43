package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"syscall"

	"github.com/mattn/go-sqlite3"
	"golang.org/x/sys/unix"

	"paperlab/tracker"
)

// explain turns what went wrong into an error of the domain, with what to do about it.
func explain(op, on string, err error) error {
	e := &tracker.Error{Op: op, On: on, Err: err}
	var inner *tracker.Error
	var engine sqlite3.Error
	switch {
	case errors.As(err, &inner):
		e.Err, e.Advice = inner.Err, inner.Advice
	case errors.Is(err, sql.ErrNoRows):
		e.Err = tracker.ErrNotFound
	case errors.Is(err, syscall.ENOSPC):
		e.Err, e.Advice = fmt.Errorf("%w: %w", tracker.ErrFull, err), adviceFull
	case errors.As(err, &engine):
		e.Advice, e.Err = explainEngine(engine)
	}
	return e
}

const adviceFull = "make room on the disk; what was logged before is safe"

func explainEngine(err sqlite3.Error) (advice string, why error) {
	switch err.Code {
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return "end the process that holds the database, or try again", fmt.Errorf("%w: %w", tracker.ErrBusy, err)
	case sqlite3.ErrFull:
		return adviceFull, fmt.Errorf("%w: %w", tracker.ErrFull, err)
	case sqlite3.ErrReadonly, sqlite3.ErrPerm:
		return "make the file and its folder writable, or name another with --db", fmt.Errorf("%w: %w", tracker.ErrReadOnly, err)
	case sqlite3.ErrNotADB:
		return "name another file with --db or PAPERLAB_DB", fmt.Errorf("%w, or no database at all: %w", tracker.ErrCorrupt, err)
	case sqlite3.ErrCorrupt:
		return "restore a copy, or save what can be read with: sqlite3 FILE .recover", fmt.Errorf("%w: %w", tracker.ErrCorrupt, err)
	case sqlite3.ErrCantOpen:
		return "see that the folder exists and that you may write to it", err
	}
	return "", err
}

// refused tells a folder that may not be written from one that is not there: SQLite says "no such file" of both.
func refused(path string, err error) error {
	var engine sqlite3.Error
	if !errors.As(err, &engine) || engine.Code != sqlite3.ErrCantOpen {
		return err
	}
	var why syscall.Errno
	if errors.As(unix.Access(filepath.Dir(path), unix.W_OK), &why) {
		engine.SystemErrno = why
		return engine
	}
	return err
}

func isBusy(err error) bool {
	var engine sqlite3.Error
	return errors.As(err, &engine) && (engine.Code == sqlite3.ErrBusy || engine.Code == sqlite3.ErrLocked)
}

// retryBusy calls try again while another process holds the lock, until the context ends or patience does. Each call has
// waited for the lock by itself already.
func retryBusy(ctx context.Context, try func() error) error {
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := try()
		if !isBusy(err) {
			return err
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%w while waiting for the lock", ctx.Err())
		}
		if waiting.Err() != nil {
			return err
		}
	}
}
