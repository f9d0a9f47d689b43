package runs

import (
	"context"
	"math"
	"slices"
	"time"

	"paperlab/tracker"
)

// News is what came to a run since it was last looked at, each list in the order of time.
type News struct {
	Run     *tracker.Run // as it is now
	Samples []tracker.Sample
	Texts   []tracker.Text
	Console []tracker.Console
}

// patience is how long a run that does nothing is not looked at.
const patience = 2 * time.Second

// Follow tells what happens in a run until it ends: first all that there is, then what is new, looking every so often. An
// error of tell ends it and is returned. A run whose process dies ends as crashed.
func Follow(ctx context.Context, store tracker.Store, id string, every time.Duration, tell func(News) error) error {
	f := follower{store: store, id: id, points: map[seriesName][]tracker.Point{}}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	var looked time.Time
	for since := int64(0); ; {
		changed, now, err := store.Changes(ctx, since)
		if err != nil {
			return err
		}
		since = now
		// A crash changes nothing in the store before someone looks.
		if slices.Contains(changed, id) || time.Since(looked) > patience {
			looked = time.Now()
			news, err := f.look(ctx)
			if err != nil {
				return err
			}
			if err := tell(news); err != nil || news.Run.Status.Ended() {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}

// follower knows what was told of a run.
type follower struct {
	store   tracker.Store
	id      string
	points  map[seriesName][]tracker.Point
	texts   int
	console int64 // the place where to go on
}

// look reads what is new. The run is read first: what was logged before it ended is then there.
func (f *follower) look(ctx context.Context) (News, error) {
	summary, err := Get(ctx, f.store, f.id)
	if err != nil {
		return News{}, err
	}
	news := News{Run: summary.Run}
	for _, s := range summary.Series {
		fresh, err := f.samples(ctx, s)
		if err != nil {
			return News{}, err
		}
		news.Samples = append(news.Samples, fresh...)
	}
	slices.SortStableFunc(news.Samples, func(a, b tracker.Sample) int { return a.Time.Compare(b.Time) })
	texts, err := f.store.Texts(ctx, f.id, "")
	if err != nil {
		return News{}, err
	}
	news.Texts, f.texts = texts[min(f.texts, len(texts)):], len(texts)
	news.Console, f.console, err = f.store.Console(ctx, f.id, f.console)
	return news, err
}

// samples reads a series whose summary says that it grew.
func (f *follower) samples(ctx context.Context, s tracker.Series) (fresh []tracker.Sample, err error) {
	name := seriesName{s.Key, s.Context}
	known := f.points[name]
	if !s.Resumed && s.Count == int64(len(known)) {
		return nil, nil
	}
	points, err := f.store.Points(ctx, f.id, s.Key, s.Context)
	if err != nil {
		return nil, err
	}
	f.points[name] = points
	for _, p := range points {
		// Points are only ever added, so that the known ones come in their order among all.
		if len(known) > 0 && equal(known[0], p) {
			known = known[1:]
			continue
		}
		fresh = append(fresh, tracker.Sample{Key: s.Key, Context: s.Context, Point: p})
	}
	return fresh, nil
}

func equal(a, b tracker.Point) bool {
	return a.Step == b.Step && a.Session == b.Session && a.Time.Equal(b.Time) && math.Float64bits(a.Value) == math.Float64bits(b.Value)
}
