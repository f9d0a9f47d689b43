package runs_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

func TestTroubleIsToldOnceUntilItIsOver(t *testing.T) {
	inOwnFolder(t)
	var told []string
	now, feeling := time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC), works
	store := &moody{open(t), func() mood { return feeling }}
	run := start(t, store, runs.Options{Clock: func() time.Time { return now }, Warn: func(err error) { told = append(told, err.Error()) }})
	log := func(step int64) { run.Warn(run.Log(t.Context(), step, map[string]float64{"x": 1})) }
	full := func(file int) error {
		return &tracker.Error{Op: "save artifact of run", On: run.ID(), Err: fmt.Errorf("%w: incoming-%d", tracker.ErrFull, file)}
	}
	feeling = refuses
	for step := range int64(3) {
		log(step)
		run.Warn(errors.Join(run.SetTag(t.Context(), "a", "b"), full(int(step))))
	}
	run.Warn(nil)
	want := []string{
		"log to run " + run.ID() + ": no space left: kept in a spool file until the store takes it",
		"save artifact of run " + run.ID() + ": no space left: incoming-0",
	}
	if !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	feeling, now = works, now.Add(time.Minute)
	log(3)
	feeling = refuses
	log(4)
	if len(told) != 3 || told[2] != want[0] {
		t.Errorf("after it was over: told %q", told)
	}
	feeling = works
}
