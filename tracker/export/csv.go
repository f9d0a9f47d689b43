package export

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"paperlab/tracker"
)

// CSV writes every point of the runs with these IDs to a file, atomically, and returns how many there were: one a line,
// under a header with run, name, key, context, session, step, time and value, by run, key and context, oldest session
// first. Nothing is thinned out or hidden; numbers have all their digits, times are RFC 3339 in UTC; NaN and infinities
// read NaN, +Inf and -Inf. A run that does not exist is an error.
func CSV(ctx context.Context, store tracker.Reader, path string, ids ...string) (points int64, err error) {
	err = writeFile(path, func(out io.Writer) error {
		w := csv.NewWriter(out)
		if err := w.Write([]string{"run", "name", "key", "context", "session", "step", "time", "value"}); err != nil {
			return err
		}
		points, err = eachPiece(ctx, store, ids, func(run *tracker.Run, series tracker.Series, piece []tracker.Point) error {
			for _, p := range piece {
				err := w.Write([]string{
					run.ID, run.Name, series.Key, string(series.Context), strconv.FormatInt(p.Session, 10), strconv.FormatInt(p.Step, 10),
					p.Time.UTC().Format(time.RFC3339Nano), strconv.FormatFloat(p.Value, 'g', -1, 64),
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		w.Flush()
		return w.Error()
	})
	return points, err
}
