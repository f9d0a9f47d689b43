package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"paperlab/tracker"
)

// AddHistogram adds a histogram to the run.
func (s *Store) AddHistogram(ctx context.Context, run string, h tracker.Histogram) error {
	const op = "add histogram to run"
	if err := h.Normalize(); err != nil {
		return explain(op, run, err)
	}
	return s.addTo(ctx, op, run, `
		INSERT INTO histograms (run, key, step, time, session, edges, counts)
		SELECT run, $2, $3, $4, $5, $6, $7 FROM changed`,
		h.Key, h.Step, h.Time.UnixMilli(), h.Session, h.Edges, h.Counts)
}

// Histograms returns the run's histograms with this key, or all of them.
func (r reader) Histograms(ctx context.Context, run, key string) ([]tracker.Histogram, error) {
	return entries(ctx, r, "read histograms of run", run, key, "histograms", "edges, counts", func(row pgx.Row) (h tracker.Histogram, err error) {
		var at pgtype.Int8
		err = row.Scan(&h.Key, &h.Step, &at, &h.Session, &h.Edges, &h.Counts)
		h.Time = timeOf(at)
		return h, err
	})
}
