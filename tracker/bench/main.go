// The command bench-tracker measures the tracker for the table of `make bench` (lib/bench), whose JSON line it prints:
//
//	bench-tracker FOLDER one|batch|read|table|events-write|events-read
//
// What is measured lies in files named after it. A database or an event file is made in FOLDER and left there.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

// result is what a measurement prints: the seconds that one unit of its work took, and what came out, which the peer's must equal.
type result struct {
	Seconds float64   `json:"seconds"`
	Answer  []float64 `json:"answer,omitempty"`
}

var measurements = map[string]func(ctx context.Context, folder string) (result, error){
	"one": withRun(one), "batch": withRun(batch), "read": withRun(read), "table": withStore(table),
	"events-write": writeEvents, "events-read": readEvents,
}

func main() {
	names := strings.Join(slices.Sorted(maps.Keys(measurements)), "|")
	if len(os.Args) != 3 || measurements[os.Args[2]] == nil {
		fmt.Fprintln(os.Stderr, "usage: bench-tracker FOLDER "+names)
		os.Exit(2)
	}
	if err := measure(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func measure(ctx context.Context, folder, what string) error {
	folder, err := os.MkdirTemp(folder, "tracker-")
	if err != nil {
		return err
	}
	r, err := measurements[what](ctx, folder)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(r)
}

// withStore gives a measurement a new database.
func withStore(do func(context.Context, tracker.Store) (result, error)) func(context.Context, string) (result, error) {
	return func(ctx context.Context, folder string) (r result, err error) {
		store, err := runs.Open(ctx, filepath.Join(folder, runs.FileName))
		if err != nil {
			return r, err
		}
		defer func() { err = errors.Join(err, store.Close()) }()
		return do(ctx, store)
	}
}

// withRun gives a measurement a run in a new database.
func withRun(do func(context.Context, tracker.Store, *runs.Run) (result, error)) func(context.Context, string) (result, error) {
	return withStore(func(ctx context.Context, store tracker.Store) (r result, err error) {
		run, err := runs.Start(ctx, store, runs.Options{Name: "bench"})
		if err != nil {
			return r, err
		}
		defer func() { err = errors.Join(err, run.Finish(ctx, tracker.Finished)) }()
		return do(ctx, store, run)
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
