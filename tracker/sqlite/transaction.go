package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

// transaction is an open transaction on one connection. Its statements end when ctx does.
type transaction struct {
	ctx  context.Context
	conn *sql.Conn
}

func (t transaction) exec(query string, args ...any) error {
	_, err := t.conn.ExecContext(t.ctx, query, args...)
	return err
}

func (t transaction) query(query string, args ...any) (*sql.Rows, error) {
	return t.conn.QueryContext(t.ctx, query, args...)
}

func (t transaction) row(query string, args ...any) *sql.Row {
	return t.conn.QueryRowContext(t.ctx, query, args...)
}

// write runs do in a transaction that holds the write lock from its beginning, and returns when it is durable. If do
// fails, or panics, nothing is written. Waiting for other writers ends when ctx does; the statements do not, for they take
// microseconds, and watching a context costs more than most of them.
func (s *Store) write(ctx context.Context, op, on string, do func(transaction) error) error {
	if err := inTransaction(ctx, context.WithoutCancel(ctx), s.writer, "BEGIN IMMEDIATE", do); err != nil {
		return explain(op, on, err)
	}
	return nil
}

// read runs do on one consistent view of the database.
func (s *Store) read(ctx context.Context, op, on string, do func(transaction) error) error {
	if err := inTransaction(ctx, ctx, s.reader, "BEGIN", do); err != nil {
		return explain(op, on, err)
	}
	return nil
}

func inTransaction(waiting, running context.Context, db *sql.DB, begin string, do func(transaction) error) (err error) {
	conn, err := db.Conn(waiting)
	if err != nil {
		return err
	}
	defer conn.Close()
	t := transaction{running, conn}
	if err := retryBusy(waiting, func() error { return t.exec(begin) }); err != nil {
		return err
	}
	committed := false
	defer func() {
		if committed {
			return
		}
		// A failed commit may have rolled back already, and then there is nothing to roll back. A connection that cannot
		// be brought out of its transaction must not go back into the pool.
		t.ctx = context.WithoutCancel(running)
		if rollback := t.exec("ROLLBACK"); rollback != nil && !idle(conn) {
			err = errors.Join(err, fmt.Errorf("roll back: %w", rollback))
			_ = conn.Raw(func(any) error { return driver.ErrBadConn })
		}
	}()
	if err := do(t); err != nil {
		return err
	}
	if err := waiting.Err(); err != nil {
		return err
	}
	if err := t.exec("COMMIT"); err != nil {
		return err
	}
	committed = true
	return nil
}

// idle reports whether the connection is outside any transaction.
func idle(conn *sql.Conn) (outside bool) {
	err := conn.Raw(func(c any) error {
		outside = c.(interface{ AutoCommit() bool }).AutoCommit()
		return nil
	})
	return err == nil && outside
}
