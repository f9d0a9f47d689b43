package postgres

import (
	"errors"
	"fmt"
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
		e.Err, e.Advice = explainServer(said)
	case errors.As(err, &refused):
		e.Err, e.Advice = innermost(refused), "see that the server runs, and that the host and port in the address are right"
	case errors.Is(err, tracker.ErrInvalid):
		e.Advice = "an address is postgres://user@host:5432/database"
	case errors.As(err, &network), isClosed(err):
		e.Advice = "the connection was lost, and it may or may not be written; the next call connects again"
	}
	return e
}

// explainServer tells the errors of PostgreSQL apart by their codes (PostgreSQL's manual, appendix A).
func explainServer(said *pgconn.PgError) (why error, advice string) {
	why = errors.New(said.Message)
	switch code := said.Code; {
	case code == "28P01" || code == "28000":
		return why, "give the password in PGPASSWORD or in ~/.pgpass; see that the user is right and that pg_hba.conf lets it in"
	case code == "3D000":
		return why, "make the database first: createdb NAME"
	case code == "3F000" || code == "42501":
		return fmt.Errorf("%w: %w", tracker.ErrReadOnly, why), "the user needs the right to create and use tables in the schema"
	case code == "25006":
		return fmt.Errorf("%w: %w", tracker.ErrReadOnly, why), "name the primary server; this one is a copy or does not let anybody write"
	case code == "53100":
		return fmt.Errorf("%w: %w", tracker.ErrFull, why), "make room on the server's disk; what was logged before is safe"
	case code == "53300" || code == "57P03":
		return fmt.Errorf("%w: %w", tracker.ErrBusy, why), "the server takes no more connections now: try again, or raise its max_connections"
	case code == "57P01" || code == "57P02":
		return why, "the server was shut down, and it may or may not be written; the next call connects again"
	case strings.HasPrefix(code, "XX0"):
		return fmt.Errorf("%w: %w", tracker.ErrCorrupt, why), "restore a copy; the server's log says more"
	}
	return fmt.Errorf("%w (%s)", why, said.Code), ""
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

func isClosed(err error) bool {
	text := err.Error()
	return strings.Contains(text, "conn closed") || strings.Contains(text, "EOF") || errors.Is(err, net.ErrClosed)
}
