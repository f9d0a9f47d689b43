package web

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"

	"paperlab/tracker"
)

// mostRuns is how many runs one chart may draw.
const mostRuns = 500

// runsAsked returns the runs that an address names.
func runsAsked(q url.Values) ([]string, error) {
	ids := q["run"]
	if len(ids) > mostRuns {
		return nil, fieldError{"run", &tracker.Error{Op: "draw " + strconv.Itoa(len(ids)) + " runs", Err: tracker.ErrInvalid, Advice: "choose " + strconv.Itoa(mostRuns) + " or fewer"}}
	}
	return ids, nil
}

// series answers with the summaries of all series of some runs.
func (d *dashboard) series(w http.ResponseWriter, r *http.Request) error {
	ids, err := runsAsked(r.URL.Query())
	if err != nil {
		return err
	}
	found, err := d.store.Series(r.Context(), ids...)
	if err != nil {
		return err
	}
	return write(w, map[string]any{"series": seriesJSON(found)})
}

// seriesJSON gives the summaries of series.
func seriesJSON(all []tracker.Series) []map[string]any {
	objects := make([]map[string]any, len(all))
	for i, s := range all {
		objects[i] = map[string]any{
			"run": s.Run, "key": s.Key, "context": s.Context, "count": s.Count, "step": s.Last.Step,
			"last": value(s.Last.Value), "min": value(s.Min), "max": value(s.Max),
		}
	}
	return objects
}

// points answers with the curves of one key of some runs: between the steps from and to, if they are given, in about so
// many buckets.
func (d *dashboard) points(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	buckets, err := strconv.Atoi(q.Get("buckets"))
	if err != nil || buckets < 1 || buckets > 10000 {
		buckets = 300
	}
	ids, err := runsAsked(q)
	if err != nil {
		return err
	}
	found, err := d.store.Series(r.Context(), ids...)
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(s tracker.Series) bool { return s.Key != q.Get("key") })
	encoded := make([][]byte, len(found))
	err = each(len(found), func(i int) error {
		points, err := d.curve(r.Context(), found[i], q)
		if err != nil {
			return err
		}
		encoded[i] = encode(found[i], newEnvelope(points, buckets, q.Get("log") == "1"))
		return nil
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(append([]byte(`{"series":[`), bytes.Join(encoded, []byte(","))...), "]}"...))
	return nil
}

// each does n things, a few at a time, and returns an error of one of them.
func each(n int, do func(i int) error) error {
	const together = 4
	var group sync.WaitGroup
	next, failed := make(chan int), make(chan error, together)
	for range min(n, together) {
		group.Go(func() {
			for i := range next {
				if err := do(i); err != nil {
					select {
					case failed <- err:
					default:
					}
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
	close(failed)
	return <-failed
}

// curve reads a series as it is drawn, between the steps that the address names.
func (d *dashboard) curve(ctx context.Context, s tracker.Series, q url.Values) ([]tracker.Point, error) {
	points, err := d.store.Points(ctx, s.Run, s.Key, s.Context)
	if err != nil {
		return nil, err
	}
	points = tracker.Curve(points)
	from, to := int64(math.MinInt64), int64(math.MaxInt64)
	if v, err := strconv.ParseInt(q.Get("from"), 10, 64); err == nil {
		from = v
	}
	if v, err := strconv.ParseInt(q.Get("to"), 10, 64); err == nil {
		to = v
	}
	first, _ := slices.BinarySearchFunc(points, from, func(p tracker.Point, step int64) int { return cmp.Compare(p.Step, step) })
	points = points[first:]
	last, _ := slices.BinarySearchFunc(points, to, func(p tracker.Point, step int64) int {
		if p.Step <= step {
			return -1
		}
		return 1
	})
	return points[:last], nil
}

// encode writes a curve as JSON; it is what the page reads most of, and has long lists of numbers.
func encode(s tracker.Series, e *envelope) []byte {
	head, _ := json.Marshal(map[string]any{"run": s.Run, "context": s.Context, "count": s.Count}) // of strings and a number
	b := append(head[:len(head)-1], `,"steps":`...)
	b = list(b, e.steps, func(b []byte, v int64) []byte { return strconv.AppendInt(b, v, 10) })
	b = append(b, `,"times":`...)
	b = list(b, e.times, func(b []byte, v int64) []byte { return strconv.AppendInt(b, v, 10) })
	b = append(b, `,"mean":`...)
	b = list(b, e.mean, number)
	if !e.whole {
		b = append(b, `,"min":`...)
		b = list(b, e.low, number)
		b = append(b, `,"max":`...)
		b = list(b, e.top, number)
		b = append(b, `,"counts":`...)
		b = list(b, e.counts, func(b []byte, v int) []byte { return strconv.AppendInt(b, int64(v), 10) })
	}
	b = append(b, `,"odd":`...)
	b = list(b, e.odd, func(b []byte, o oddity) []byte {
		b = strconv.AppendInt(append(b, '['), int64(o.bucket), 10)
		return append(strconv.AppendQuote(append(b, ','), value(o.value).(string)), ']')
	})
	return append(b, '}')
}

func list[T any](b []byte, all []T, one func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i, v := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(b, v)
	}
	return append(b, ']')
}

// number writes a finite number, and null for the others.
func number(b []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(b, "null"...)
	}
	return strconv.AppendFloat(b, v, 'g', -1, 64)
}
