package export

import (
	"context"
	"io"

	"github.com/parquet-go/parquet-go"

	"paperlab/tracker"
)

// row is a point in a Parquet file.
type row struct {
	Run     string  `parquet:"run,dict"`
	Name    string  `parquet:"name,dict"`
	Key     string  `parquet:"key,dict"`
	Context string  `parquet:"context,dict"`
	Session int64   `parquet:"session,delta"`
	Step    int64   `parquet:"step,delta"`
	Time    int64   `parquet:"time,timestamp(millisecond),delta"`
	Value   float64 `parquet:"value"`
}

// rowsPerGroup is how many rows are held in memory and written together.
const rowsPerGroup = 1 << 17

// Parquet writes every point of the runs with these IDs to a Parquet file, atomically, and returns how many there were:
// a row each, in the order and with the columns of [CSV]. Times are timestamps in UTC, in milliseconds; NaN and
// infinities are values. A run that does not exist is an error.
func Parquet(ctx context.Context, store tracker.Reader, path string, ids ...string) (points int64, err error) {
	err = writeFile(path, func(out io.Writer) error {
		w := parquet.NewGenericWriter[row](out, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(rowsPerGroup))
		var rows []row
		points, err = eachPiece(ctx, store, ids, func(run *tracker.Run, series tracker.Series, piece []tracker.Point) error {
			rows = rows[:0]
			for _, p := range piece {
				rows = append(rows, row{run.ID, run.Name, series.Key, string(series.Context), p.Session, p.Step, p.Time.UnixMilli(), p.Value})
			}
			_, err := w.Write(rows)
			return err
		})
		if err != nil {
			return err
		}
		return w.Close()
	})
	return points, err
}
