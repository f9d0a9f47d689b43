package sqlite

import (
	"database/sql/driver"
	"errors"
	"io"
)

// arguments are those of a statement, in order: int64, float64 or string.
type arguments []driver.NamedValue

func (a *arguments) add(values ...driver.Value) {
	for _, value := range values {
		*a = append(*a, driver.NamedValue{Ordinal: len(*a) + 1, Value: value})
	}
}

// bulk runs a statement with the driver itself. For each argument and each value of a row, database/sql takes as long as SQLite does,
// or longer; that matters where points come by the hundred thousand. The values that each is given are good until it returns.
// Also statements that give no rows go this way, with nil for each: as a query, the driver hands over their arguments in one call
// of C, else in one call for each.
func (t transaction) bulk(query string, args arguments, each func(row []driver.Value) error) error {
	return t.conn.Raw(func(conn any) (err error) {
		rows, err := conn.(driver.QueryerContext).QueryContext(t.ctx, query, args)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		row := make([]driver.Value, len(rows.Columns()))
		for {
			if err := rows.Next(row); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			if err := each(row); err != nil {
				return err
			}
		}
	})
}
