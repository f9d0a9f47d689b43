package sqlite

import "context"

// LimitSize makes the database full as soon as it has no free page left in what it takes now.
func (s *Store) LimitSize(ctx context.Context) error {
	var pages int64
	return s.writer.QueryRowContext(ctx, "PRAGMA max_page_count = 1").Scan(&pages)
}

// WithoutIndex makes Search do as it does where SQLite was built without FTS5.
func (s *Store) WithoutIndex() { s.hasFTS5 = false }
