package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"paperlab/tracker"
)

// explain turns what went wrong into an error of the domain, with what to do about it.
func explain(op, on string, err error) error {
	e := &tracker.Error{Op: op, On: on, Err: err}
	var inner *tracker.Error
	var said *pgconn.PgError
	var refused *pgconn.ConnectError
	var network net.Error
	switch {
	case errors.As(err, &inner):
		e.Err, e.Advice = inner.Err, inner.Advice
	case errors.Is(err, pgx.ErrNoRows):
		e.Err = tracker.ErrNotFound
	case errors.As(err, &said):
		e.Advice, e.Err = explainServer(said)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
	case errors.As(err, &refused):
		e.Err, e.Advice = innermost(refused), "see that the server runs, and that the host and port in the address are right"
	case errors.As(err, &network), isClosed(err):
		e.Advice = "the connection was lost, and it may or may not be written; the next call connects again"
	}
	return e
}

// explainServer tells the errors of PostgreSQL apart by their codes (PostgreSQL's manual, appendix A).
func explainServer(said *pgconn.PgError) (advice string, why error) {
	why = errors.New(said.Message)
	switch code := said.Code; {
	case code == "28P01" || code == "28000":
		return "give the password in PGPASSWORD or in ~/.pgpass; see that the user is right and that pg_hba.conf lets it in", why
	case code == "3D000":
		return "make the database first: createdb NAME", why
	case code == "3F000" || code == "42501":
		return "the user needs the right to create and use tables in the schema", fmt.Errorf("%w: %w", tracker.ErrReadOnly, why)
	case code == "25006":
		return "name the primary server; this one is a copy or does not let anybody write", fmt.Errorf("%w: %w", tracker.ErrReadOnly, why)
	case code == "53100":
		return "make room on the server's disk; what was logged before is safe", fmt.Errorf("%w: %w", tracker.ErrFull, why)
	case code == "53300" || code == "57P03":
		return "the server takes no more connections now: try again, or raise its max_connections", fmt.Errorf("%w: %w", tracker.ErrBusy, why)
	case code == "57P01" || code == "57P02":
		return "the server was shut down, and it may or may not be written; the next call connects again", why
	case code == "XX001" || code == "XX002":
		return "restore a copy; the server's log says more", fmt.Errorf("%w: %w", tracker.ErrCorrupt, why)
	}
	return "", fmt.Errorf("%w (%s)", why, said.Code)
}

// innermost returns the cause without the lines about each address that was tried.
func innermost(err error) error {
	for {
		switch wrapped := err.(type) {
		case interface{ Unwrap() []error }:
			all := wrapped.Unwrap()
			err = all[len(all)-1]
		case interface{ Unwrap() error }:
			inner := wrapped.Unwrap()
			if inner == nil {
				return err
			}
			if _, ok := err.(*net.OpError); ok {
				return err
			}
			err = inner
		default:
			return err
		}
	}
}

// isClosed reports whether a connection ended in the middle of a call.
func isClosed(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || strings.Contains(err.Error(), "conn closed")
}
