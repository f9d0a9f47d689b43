package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"paperlab/tracker"
	"paperlab/tracker/sqlite"
)

// Backup copies the database as it is at this moment into an SQLite file, which package sqlite opens.
func (s *Store) Backup(ctx context.Context, path string) error {
	err := s.within(ctx, func(tx pgx.Tx) error {
		snapshot := reader{where: s.where, within: func(_ context.Context, do func(pgx.Tx) error) error { return do(tx) }}
		return sqlite.WriteNew(path, func(draft string) error {
			target, err := sqlite.Open(ctx, draft)
			if err != nil {
				return err
			}
			return errors.Join(tracker.Copy(ctx, snapshot, target), target.Close())
		})
	})
	if err != nil {
		return explain("back up "+s.where+" to", path, err)
	}
	return nil
}
