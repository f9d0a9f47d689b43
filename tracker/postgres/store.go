package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"paperlab/tracker"
)

// Store is a [tracker.Store] in a PostgreSQL database. It may be shared between goroutines.
type Store struct {
	reader
	pool *pgxpool.Pool
}

var _ tracker.Store = (*Store)(nil)

// Open connects to the database at an address such as postgres://user@host/database (all that libpq knows may be in it, and
// its environment variables and password file count too), makes the schema where it is missing, and brings an older one up
// to this version's. It refuses one that was written by a newer version ([tracker.ErrNewer]). No error shows a password.
// Close the store to let go of the connections.
func Open(ctx context.Context, address string) (*Store, error) {
	const op = "open database"
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, &tracker.Error{
			Op: op, Err: fmt.Errorf("%w address: %w", tracker.ErrInvalid, withoutAddress(err)),
			Advice: "an address is postgres://user@host:5432/database",
		}
	}
	where := name(config.ConnConfig)
	setDefault(config.ConnConfig.RuntimeParams, "application_name", "paperlab")
	setDefault(config.ConnConfig.RuntimeParams, "search_path", "paperlab")
	setDefault(config.ConnConfig.RuntimeParams, "synchronous_commit", "on")
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, explain(op, where, err)
	}
	s := &Store{pool: pool}
	s.reader = reader{where: where, within: s.withinTransaction}
	if err := s.migrate(ctx); err != nil {
		pool.Close()
		return nil, explain(op, where, err)
	}
	return s, nil
}

// name is the database as errors show it: without a password.
func name(config *pgx.ConnConfig) string {
	return fmt.Sprintf("postgres://%s@%s:%d/%s", config.User, config.Host, config.Port, config.Database)
}

func setDefault(params map[string]string, key, value string) {
	if _, ok := params[key]; !ok {
		params[key] = value
	}
}

// withoutAddress takes the part out of an error that repeats the address.
func withoutAddress(err error) error {
	if inner := errors.Unwrap(err); inner != nil {
		return inner
	}
	return errors.New("want postgres://user@host/database")
}

// Close waits for what is going on and lets go of the connections.
func (s *Store) Close() error {
	s.pool.Close()
	return nil
}
