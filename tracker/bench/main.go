// The command bench-tracker measures logging for the table of `make bench` (lib/bench), whose JSON line it prints:
//
//	bench-tracker FOLDER one|batch
//
// The seconds are those of one call that logs 4 points, or of one point of a batch of 1,000, as a program's run logs them; each call
// returns when its points are on the disk. The database is made in FOLDER and left there.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: bench-tracker FOLDER one|batch")
		os.Exit(2)
	}
	if err := measure(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func measure(ctx context.Context, folder, what string) (err error) {
	folder, err = os.MkdirTemp(folder, "tracker-")
	if err != nil {
		return err
	}
	store, err := runs.Open(ctx, filepath.Join(folder, runs.FileName))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	run, err := runs.Start(ctx, store, runs.Options{Name: "bench"})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, run.Finish(ctx, tracker.Finished)) }()

	var seconds float64
	switch what {
	case "one":
		seconds, err = one(ctx, run)
	case "batch":
		seconds, err = batch(ctx, run)
	default:
		err = fmt.Errorf("bench-tracker: %q is neither one nor batch", what)
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]float64{"seconds": seconds})
}

func one(ctx context.Context, run *runs.Run) (seconds float64, err error) {
	const calls = 50
	step := int64(0)
	return best(calls, func() error {
		for range calls {
			step++
			if err := run.Log(ctx, step, map[string]float64{"loss": 0.5, "lr": 0.5, "norm": 0.5, "memory": 0.5}); err != nil {
				return err
			}
		}
		return nil
	})
}

func batch(ctx context.Context, run *runs.Run) (seconds float64, err error) {
	const batches, size = 5, 1000
	step := int64(0)
	return best(batches*size, func() error {
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
}

// best does work once to warm up, then some more times, and returns the seconds that one of its units took in the fastest.
func best(units float64, work func() error) (seconds float64, err error) {
	if err := work(); err != nil {
		return 0, err
	}
	fastest := time.Duration(math.MaxInt64)
	for range 5 {
		begin := time.Now()
		if err := work(); err != nil {
			return 0, err
		}
		fastest = min(fastest, time.Since(begin))
	}
	return fastest.Seconds() / units, nil
}
