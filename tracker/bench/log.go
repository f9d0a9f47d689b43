package main

import (
	"context"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

// one is a call that logs 4 points. Each returns when its points are on the disk.
func one(ctx context.Context, _ tracker.Store, run *runs.Run) (r result, err error) {
	const calls = 50
	step := int64(0)
	r.Seconds, err = best(calls, func() error {
		for range calls {
			step++
			if err := run.Log(ctx, step, map[string]float64{"loss": 0.5, "lr": 0.5, "norm": 0.5, "memory": 0.5}); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}

// batch is a point of batches of 1,000.
func batch(ctx context.Context, _ tracker.Store, run *runs.Run) (r result, err error) {
	const batches, size = 5, 1000
	step := int64(0)
	r.Seconds, err = best(batches*size, func() error {
		for range batches {
			now := time.Now()
			samples := make([]tracker.Sample, size)
			for i := range samples {
				samples[i] = tracker.Sample{Key: "loss", Point: tracker.Point{Step: step, Time: now, Value: 0.5}}
				step++
			}
			if err := run.LogBatch(ctx, samples); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}
