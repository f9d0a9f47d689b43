package export

import (
	"context"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strings"

	"paperlab/tracker"
	"paperlab/tracker/tfevents"
)

// Events writes the runs with these IDs for TensorBoard and returns how many points it wrote. One run becomes an event
// file in the folder, several become a folder each in it, called by the run's name. A run's file has the same name each
// time, and is replaced.
//
// Written are the points that a plot shows ([tracker.Curve]), under the tags of [tfevents.Tag], as float32; texts,
// images, histograms; and the parameters, so that the HParams tab shows them beside the last value of each series.
// Tables, console output and artifacts have no place in these files. A run that does not exist is an error.
func Events(ctx context.Context, store tracker.Reader, folder string, ids ...string) (points int64, err error) {
	taken := map[string]bool{}
	for _, id := range ids {
		run, err := store.Run(ctx, id)
		if err != nil {
			return points, &tracker.Error{Op: "export runs", On: folder, Err: err}
		}
		to := folder
		if len(ids) > 1 {
			to = filepath.Join(folder, folderName(run, taken))
		}
		if err := os.MkdirAll(to, 0o755); err != nil {
			return points, &tracker.Error{Op: "export runs", On: folder, Err: err}
		}
		path := filepath.Join(to, tfevents.FileName(run.Started, "paperlab", run.ID))
		err = writeFile(path, func(out io.Writer) error {
			n, err := writeEvents(ctx, store, run, out)
			points += n
			return err
		})
		if err != nil {
			return points, err
		}
	}
	return points, nil
}

// folderName makes the run's name one of a folder, which no other run has.
func folderName(run *tracker.Run, taken map[string]bool) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '_'
		}
		return r
	}, run.Name)
	if strings.Trim(name, ". ") == "" || len(name) > 200 || taken[name] {
		name = strings.Trim(name[:min(len(name), 200)], ". ") + "-" + run.ID
	}
	taken[name] = true
	return name
}

func writeEvents(ctx context.Context, store tracker.Reader, run *tracker.Run, out io.Writer) (points int64, err error) {
	w, err := tfevents.NewWriter(out, run.Started)
	if err != nil {
		return 0, err
	}
	all, err := store.Series(ctx, run.ID)
	if err != nil {
		return 0, err
	}
	var tags []string
	for _, series := range all {
		tags = append(tags, tfevents.Tag(series.Key, series.Context))
	}
	h := tfevents.HParams{Group: run.Group, Started: run.Started, Params: maps.Clone(run.Params)}
	if err := w.HParams(run.Started, h, tags); err != nil {
		return 0, err
	}
	for i, series := range all {
		n, err := writeCurve(ctx, store, series, tags[i], w)
		points += n
		if err != nil {
			return points, err
		}
	}
	for _, write := range []func(context.Context, tracker.Reader, string, *tfevents.Writer) error{writeTexts, writeImages, writeHistograms} {
		if err := write(ctx, store, run.ID, w); err != nil {
			return points, err
		}
	}
	if !run.Status.Ended() {
		return points, nil
	}
	status := tfevents.Failure
	if run.Status == tracker.Finished {
		status = tfevents.Success
	}
	return points, w.End(run.Ended, tfevents.End{Status: status, Ended: run.Ended})
}

// writeCurve writes what [tracker.Curve] lets through of a series, without holding it: of a step that a session logged
// twice the last point, and nothing from where a later session begins.
func writeCurve(
	ctx context.Context, store tracker.Reader, series tracker.Series, tag string, w *tfevents.Writer,
) (points int64, err error) {
	hidden, err := hiddenFrom(ctx, store, series)
	if err != nil {
		return 0, err
	}
	var last *tracker.Point
	write := func(next *tracker.Point) error {
		p := last
		last = next
		if p == nil || next != nil && next.Session == p.Session && next.Step == p.Step {
			return nil
		}
		if end, ok := hidden[p.Session]; ok && p.Step >= end {
			return nil
		}
		points++
		return w.Scalar(tag, p.Step, p.Time, p.Value)
	}
	err = store.EachPoints(ctx, series.Run, series.Key, series.Context, func(piece []tracker.Point) error {
		for _, p := range piece {
			if err := write(&p); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
	if err != nil {
		return points, err
	}
	return points, write(nil)
}

// hiddenFrom gives the step from which on later sessions hide each session; those that nothing hides are missing.
func hiddenFrom(ctx context.Context, store tracker.Reader, series tracker.Series) (map[int64]int64, error) {
	hidden := map[int64]int64{}
	if !series.Resumed {
		return hidden, nil
	}
	var sessions, first []int64
	err := store.EachPoints(ctx, series.Run, series.Key, series.Context, func(piece []tracker.Point) error {
		for _, p := range piece {
			if n := len(sessions); n == 0 || sessions[n-1] != p.Session {
				sessions, first = append(sessions, p.Session), append(first, p.Step)
			}
		}
		return ctx.Err()
	})
	from := int64(math.MaxInt64)
	for i := len(sessions) - 2; i >= 0; i-- {
		from = min(from, first[i+1])
		hidden[sessions[i]] = from
	}
	return hidden, err
}
