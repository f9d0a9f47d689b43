package sqlite

import (
	"database/sql"
	"math"
	"time"
)

// millis is a time as the database keeps it: NULL if it is zero.
func millis(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

func timeOf(m sql.NullInt64) time.Time {
	if !m.Valid {
		return time.Time{}
	}
	return time.UnixMilli(m.Int64).UTC()
}

// number reads a REAL column in which NULL stands for NaN. Writing needs no counterpart: SQLite makes NaN NULL.
func number(v sql.NullFloat64) float64 {
	if !v.Valid {
		return math.NaN()
	}
	return v.Float64
}
