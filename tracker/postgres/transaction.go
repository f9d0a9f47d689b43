package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// reader is the half of the store that changes nothing. Each of its methods sees the database as it was at one moment;
// that of a snapshot is the same for all.
type reader struct {
	where  string // the database, for errors
	within func(ctx context.Context, do func(pgx.Tx) error) error
}

// read runs do on one consistent view of the database.
func (r reader) read(ctx context.Context, op, on string, do func(pgx.Tx) error) error {
	if err := r.within(ctx, do); err != nil {
		return explain(op, on, err)
	}
	return nil
}

var readOnly = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

func (s *Store) withinTransaction(ctx context.Context, do func(pgx.Tx) error) error {
	tx, err := s.begin(ctx, readOnly)
	if err != nil {
		return err
	}
	defer rollBack(ctx, tx)
	return do(tx)
}

// rollBack ends a transaction that wrote nothing, or is committed already. If that fails, the connection is given up, and the
// server does the same.
func rollBack(ctx context.Context, tx pgx.Tx) {
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	_ = tx.Rollback(ending)
}

// begin opens a transaction. A connection from the pool may have been lost while nobody used it, which shows only now: as
// nothing was done yet, the next one is tried.
func (s *Store) begin(ctx context.Context, options pgx.TxOptions) (pgx.Tx, error) {
	for range s.pool.Config().MaxConns {
		tx, err := s.pool.BeginTx(ctx, options)
		if err == nil || ctx.Err() != nil || !isLost(err) {
			return tx, err
		}
	}
	return s.pool.BeginTx(ctx, options)
}

// isLost reports whether an open connection turned out to be closed.
func isLost(err error) bool {
	var refused *pgconn.ConnectError
	if errors.As(err, &refused) {
		return false
	}
	var said *pgconn.PgError
	return !errors.As(err, &said) || said.Code == "57P01" // admin_shutdown
}

const (
	// Transactions that lose against another, in a race that no lock prevents, are tried so often.
	tries = 10
	// A server that does not answer at the end of a transaction is given up after this time.
	patience = time.Minute
)

// write runs do in a transaction, and returns when it is durable. If do fails, or panics, nothing is written. It may run
// again if another transaction came in between.
func (s *Store) write(ctx context.Context, op, on string, do func(pgx.Tx) error) (err error) {
	for range tries {
		if err = s.writeOnce(ctx, do); !lostRace(err) {
			break
		}
	}
	if err != nil {
		return explain(op, on, err)
	}
	return nil
}

func (s *Store) writeOnce(ctx context.Context, do func(pgx.Tx) error) error {
	tx, err := s.begin(ctx, pgx.TxOptions{})
	if err != nil {
		return err
	}
	defer rollBack(ctx, tx)
	if err := do(tx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	// Cancelled now, one would not know whether it was written.
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	return tx.Commit(ending)
}

// lostRace reports whether another transaction was faster: deadlocks, and keys that were free when they were looked up.
func lostRace(err error) bool {
	var said *pgconn.PgError
	if !errors.As(err, &said) {
		return false
	}
	switch said.Code {
	case "40001", "40P01", "23503", "23505":
		return true
	}
	return false
}
