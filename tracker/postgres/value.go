package postgres

import (
	"time"

	"github.com/jackc/pgx/v5/pgtype"
)

// millis is a time as the database keeps it: NULL if it is zero.
func millis(t time.Time) pgtype.Int8 {
	return pgtype.Int8{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

func timeOf(m pgtype.Int8) time.Time {
	if !m.Valid {
		return time.Time{}
	}
	return time.UnixMilli(m.Int64).UTC()
}
