package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

// many is how many points a long series has.
const many = 100_000

// valueAt is what is logged at a step; float32 holds it, which is what event files keep.
func valueAt(step int) float64 { return float64(step%8) / 4 }

// read reads a series of 100,000 points. The answer is how many they are, and their sum.
func read(ctx context.Context, store tracker.Store, run *runs.Run) (r result, err error) {
	samples := make([]tracker.Sample, many)
	for step := range samples {
		samples[step] = tracker.Sample{Key: "loss", Point: tracker.Point{Step: int64(step), Value: valueAt(step)}}
	}
	if err := run.LogBatch(ctx, samples); err != nil {
		return r, err
	}
	r.Seconds, err = best(1, func() error {
		points, err := store.Points(ctx, run.ID(), "loss", "")
		sum := 0.0
		for _, p := range points {
			sum += p.Value
		}
		r.Answer = []float64{float64(len(points)), sum}
		return err
	})
	return r, err
}

// table reads what a table of 1,000 runs shows: 5 parameters and the last values of 4 series each. The answer is how many they
// are.
func table(ctx context.Context, store tracker.Store) (r result, err error) {
	const count = 1000
	for i := range count {
		id, err := newRun(ctx, store, i)
		if err != nil {
			return r, err
		}
		var samples []tracker.Sample
		for key := range 4 {
			point := tracker.Point{Step: 1, Session: 1, Time: time.Now(), Value: float64(i)}
			samples = append(samples, tracker.Sample{Key: fmt.Sprint("metric", key), Point: point})
		}
		if err := store.Log(ctx, id, samples); err != nil {
			return r, err
		}
	}
	r.Seconds, err = best(1, func() error {
		summaries, err := runs.List(ctx, store, tracker.RunFilter{})
		r.Answer = []float64{float64(len(summaries)), 0, 0}
		for _, s := range summaries {
			r.Answer[1] += float64(len(s.Run.Params))
			r.Answer[2] += float64(len(s.Series))
		}
		return err
	})
	return r, err
}

// newRun makes a run in the store itself: capturing where a run comes from is not what is measured.
func newRun(ctx context.Context, store tracker.Store, i int) (id string, err error) {
	if id, err = tracker.NewID(time.Now(), rand.Reader); err != nil {
		return "", err
	}
	params := tracker.Params{}
	for key := range 5 {
		params[fmt.Sprint("param", key)] = i
	}
	return id, store.CreateRun(ctx, &tracker.Run{
		ID: id, Project: "default", Name: fmt.Sprint("run", i), Status: tracker.Finished, Started: time.Now(), Ended: time.Now(), Session: 1, Params: params,
	})
}
