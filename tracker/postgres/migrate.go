package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"paperlab/tracker"
)

//go:embed migrations/*.sql
var migrations embed.FS

const (
	// The newest schema that this program knows: the number of the last migration.
	schema = 1
	// Where the database notes its schema; goose's own name might be taken by another program's migrations.
	versions = "paperlab_version"
	// Processes that migrate take this lock, and those that add or remove contents the other: "PAPb" and the next.
	migrationLock = 1346457698
	contentLock   = migrationLock + 1
)

// migrate brings the database to the current schema. Processes that open a new one together do so one after the other.
func (s *Store) migrate(ctx context.Context) (err error) {
	if version, err := s.version(ctx); err != nil || version == schema {
		return err
	}
	// Not one of the pool, which may hold a single one.
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	// Its end releases the lock.
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		return err
	}
	var there bool
	if err := conn.QueryRow(ctx, "SELECT current_schema() IS NOT NULL").Scan(&there); err != nil {
		return err
	}
	if !there {
		path := pgx.Identifier{conn.Config().RuntimeParams["search_path"]}
		if _, err := conn.Exec(ctx, "CREATE SCHEMA "+path.Sanitize()); err != nil {
			return err
		}
	}
	return s.up(ctx)
}

func (s *Store) up(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(s.pool)
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithDisableGlobalRegistry(true), goose.WithTableName(versions))
	if err == nil {
		_, err = provider.Up(ctx)
	}
	return errors.Join(err, db.Close())
}

// version returns the schema of the database, 0 for a new one.
func (s *Store) version(ctx context.Context) (version int64, err error) {
	err = s.within(ctx, func(tx pgx.Tx) error {
		if encoding := tx.Conn().PgConn().ParameterStatus("server_encoding"); encoding != "UTF8" {
			return &tracker.Error{
				Op: "recognise database", Err: fmt.Errorf("%w encoding %s: it does not hold every character", tracker.ErrInvalid, encoding),
				Advice: "make one that does: createdb --encoding=UTF8 --template=template0 NAME",
			}
		}
		var there bool
		if err := tx.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", versions).Scan(&there); err != nil || !there {
			return err
		}
		return tx.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM "+versions).Scan(&version)
	})
	if err == nil && version > schema {
		err = &tracker.Error{
			Op: "recognise database", Err: fmt.Errorf("%w: its schema is %d, this program knows %d", tracker.ErrNewer, version, schema),
			Advice: "update paperlab, or name another database with --db",
		}
	}
	return version, err
}
