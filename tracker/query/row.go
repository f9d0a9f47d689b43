package query

import (
	"cmp"
	"slices"
	"time"

	"paperlab/tracker"
)

// Row is a run as expressions see it. It is for one goroutine at a time.
type Row struct {
	Run    *tracker.Run
	Series []tracker.Series // sorted by key and context, as stores give them
	now    time.Time
	points Points
}

// Points reads the points of one series, in the order of [tracker.Store.Points].
type Points func(key string, context tracker.Context) ([]tracker.Point, error)

// NewRow makes the row of a run. The durations of what goes on, and ages, are measured from now. Points are read only
// where an expression asks for them, each series at most once.
func NewRow(run *tracker.Run, series []tracker.Series, now time.Time, points Points) Row {
	return Row{Run: run, Series: series, now: now, points: once(points)}
}

func once(points Points) Points {
	type name struct {
		key     string
		context tracker.Context
	}
	known := map[name][]tracker.Point{}
	return func(key string, context tracker.Context) ([]tracker.Point, error) {
		at := name{key, context}
		if found, ok := known[at]; ok {
			return found, nil
		}
		found, err := points(key, context)
		if err != nil {
			return nil, err
		}
		known[at] = tracker.Curve(found)
		return known[at], nil
	}
}

// find returns the summary of a series.
func (r Row) find(key string, context tracker.Context) (tracker.Series, bool) {
	i, ok := slices.BinarySearchFunc(r.Series, key, func(s tracker.Series, key string) int {
		return cmp.Or(cmp.Compare(s.Key, key), cmp.Compare(s.Context, context))
	})
	if !ok {
		return tracker.Series{}, false
	}
	return r.Series[i], true
}

// duration is how long the run took, or has taken until now.
func (r Row) duration() time.Duration {
	end := r.Run.Ended
	if end.IsZero() {
		end = r.now
	}
	return max(0, end.Sub(r.Run.Started))
}
