package runs

import (
	"context"
	"time"

	"paperlab/tracker"
)

// Summary is a run with the summaries of its series, sorted by key and context.
type Summary struct {
	Run    *tracker.Run
	Series []tracker.Series
}

// Metric returns the series with this key and no context.
func (s Summary) Metric(key string) (series tracker.Series, ok bool) {
	for _, series := range s.Series {
		if series.Key == key && series.Context == "" {
			return series, true
		}
	}
	return tracker.Series{}, false
}

// List returns the runs that the filter lets through, the one that started last first. Those whose process is gone are
// turned crashed on the way. As in [tracker.Store.Runs], diffs are left out.
func List(ctx context.Context, store tracker.Store, filter tracker.RunFilter) ([]Summary, error) {
	status := filter.Status
	// Which runs are running is not known before the dead ones are found.
	filter.Status = ""
	found, err := store.Runs(ctx, filter)
	if err != nil {
		return nil, err
	}
	var summaries []Summary
	var ids []string
	for _, run := range found {
		if run, err = settle(ctx, store, run); err != nil {
			return nil, err
		}
		if status == "" || run.Status == status {
			summaries = append(summaries, Summary{Run: run})
			ids = append(ids, run.ID)
		}
	}
	series, err := store.Series(ctx, ids...)
	if err != nil {
		return nil, err
	}
	byRun := map[string][]tracker.Series{}
	for _, s := range series {
		byRun[s.Run] = append(byRun[s.Run], s)
	}
	for i := range summaries {
		summaries[i].Series = byRun[summaries[i].Run.ID]
	}
	return summaries, nil
}

// Get returns one run, with its diff, turned crashed if its process is gone.
func Get(ctx context.Context, store tracker.Store, id string) (Summary, error) {
	run, err := store.Run(ctx, id)
	if err != nil {
		return Summary{}, err
	}
	if run, err = settle(ctx, store, run); err != nil {
		return Summary{}, err
	}
	series, err := store.Series(ctx, id)
	return Summary{run, series}, err
}

// settle turns a run crashed if its process is gone, in the store too if that can be written.
func settle(ctx context.Context, store tracker.Store, run *tracker.Run) (*tracker.Run, error) {
	now := time.Now()
	bury := func(r *tracker.Run) error {
		if crashed(r, now) {
			r.Status, r.Ended = tracker.Crashed, r.Heartbeat
		}
		return nil
	}
	if !crashed(run, now) {
		return run, nil
	}
	settled, err := store.UpdateRun(ctx, run.ID, bury)
	if refused(ctx, err) {
		return run, bury(run)
	}
	return settled, err
}

// Curve returns the steps and values of a series as a plot shows them: see [tracker.Curve].
func Curve(ctx context.Context, store tracker.Store, id, key string) (steps, values []float64, err error) {
	points, err := store.Points(ctx, id, key, "")
	if err != nil {
		return nil, nil, err
	}
	for _, p := range tracker.Curve(points) {
		steps, values = append(steps, float64(p.Step)), append(values, p.Value)
	}
	return steps, values, nil
}
