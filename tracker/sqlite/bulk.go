package sqlite

import (
	"database/sql/driver"
	"errors"
	"io"
)

// bulk runs a statement with the driver itself. For each argument and each value of a row, database/sql takes as long as SQLite does,
// or longer; that matters where points come by the hundred thousand. Arguments are int64, float64 or string. The values that each
// is given are good until it returns. Also statements that give no rows go this way: as a query, the driver hands over their
// arguments in one call of C, else in one call for each.
func (t transaction) bulk(query string, args []driver.Value, each func(row []driver.Value) error) error {
	named := make([]driver.NamedValue, len(args))
	for i, arg := range args {
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: arg}
	}
	return t.conn.Raw(func(conn any) (err error) {
		rows, err := conn.(driver.QueryerContext).QueryContext(t.ctx, query, named)
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
