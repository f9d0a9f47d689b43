package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math"

	"paperlab/tracker"
)

// AddHistogram adds a histogram to the run.
func (s *Store) AddHistogram(ctx context.Context, run string, h tracker.Histogram) error {
	const op = "add histogram to run"
	if err := h.Normalize(); err != nil {
		return explain(op, run, err)
	}
	return s.addTo(ctx, op, run, "INSERT INTO histograms (run, key, step, time, session, edges, counts) VALUES (?, ?, ?, ?, ?, ?, ?)",
		h.Key, h.Step, h.Time.UnixMilli(), h.Session, encodeFloats(h.Edges), encodeFloats(h.Counts))
}

// Histograms returns the run's histograms with this key, or all of them.
func (s *Store) Histograms(ctx context.Context, run, key string) ([]tracker.Histogram, error) {
	return entries(ctx, s, "read histograms of run", run, key, "histograms", "edges, counts", func(row scanner) (h tracker.Histogram, err error) {
		var at sql.NullInt64
		var edges, counts []byte
		if err := row.Scan(&h.Key, &h.Step, &at, &h.Session, &edges, &counts); err != nil {
			return h, err
		}
		if len(edges)%8 != 0 || len(edges) != len(counts)+8 {
			return h, fmt.Errorf("%w histogram %s: %d bytes of edges, %d of counts", tracker.ErrCorrupt, h.Key, len(edges), len(counts))
		}
		h.Time, h.Edges, h.Counts = timeOf(at), decodeFloats(edges), decodeFloats(counts)
		return h, nil
	})
}

func encodeFloats(values []float64) []byte {
	encoded := make([]byte, 0, 8*len(values))
	for _, v := range values {
		encoded = binary.LittleEndian.AppendUint64(encoded, math.Float64bits(v))
	}
	return encoded
}

func decodeFloats(encoded []byte) []float64 {
	values := make([]float64, len(encoded)/8)
	for i := range values {
		values[i] = math.Float64frombits(binary.LittleEndian.Uint64(encoded[8*i:]))
	}
	return values
}
