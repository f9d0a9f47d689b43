package export

import (
	"bufio"
	"context"
	"encoding/csv"
	"strconv"
	"time"

	"github.com/google/renameio/v2"

	"paperlab/tracker"
)

// CSV writes every point of the runs with these IDs to a file, atomically, and returns how many there were: one a line,
// under a header with run, name, key, context, session, step, time and value, by run, key and context, oldest session
// first. Nothing is thinned out or hidden; numbers have all their digits, times are RFC 3339 in UTC; NaN and infinities
// read NaN, +Inf and -Inf. A run that does not exist is an error.
func CSV(ctx context.Context, store tracker.Store, path string, ids ...string) (points int, err error) {
	fail := func(err error) (int, error) { return 0, &tracker.Error{Op: "export runs", On: path, Err: err} }
	file, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644))
	if err != nil {
		return fail(err)
	}
	defer file.Cleanup()
	buffer := bufio.NewWriter(file)
	w := csv.NewWriter(buffer)
	if err := w.Write([]string{"run", "name", "key", "context", "session", "step", "time", "value"}); err != nil {
		return fail(err)
	}
	for _, id := range ids {
		n, err := writeRun(ctx, store, w, id)
		if err != nil {
			return fail(err)
		}
		points += n
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fail(err)
	}
	if err := buffer.Flush(); err != nil {
		return fail(err)
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return fail(err)
	}
	return points, nil
}

func writeRun(ctx context.Context, store tracker.Store, w *csv.Writer, id string) (points int, err error) {
	run, err := store.Run(ctx, id)
	if err != nil {
		return 0, err
	}
	all, err := store.Series(ctx, id)
	if err != nil {
		return 0, err
	}
	for _, series := range all {
		logged, err := store.Points(ctx, id, series.Key, series.Context)
		if err != nil {
			return 0, err
		}
		for _, p := range logged {
			err := w.Write([]string{
				id, run.Name, series.Key, string(series.Context), strconv.FormatInt(p.Session, 10), strconv.FormatInt(p.Step, 10),
				p.Time.UTC().Format(time.RFC3339Nano), strconv.FormatFloat(p.Value, 'g', -1, 64),
			})
			if err != nil {
				return 0, err
			}
		}
		points += len(logged)
	}
	return points, nil
}
