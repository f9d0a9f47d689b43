package sysmon_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/NVIDIA/go-nvml/pkg/nvml"
	"github.com/NVIDIA/go-nvml/pkg/nvml/mock"

	"paperlab/tracker"
	"paperlab/tracker/runs"
	"paperlab/tracker/sysmon"
)

// open opens a new database for the length of the test.
func open(t *testing.T) tracker.Store {
	t.Helper()
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	store, err := runs.Open(t.Context(), filepath.Join(t.TempDir(), runs.FileName))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func TestARunIsSampledAtEveryTickUntilItStops(t *testing.T) {
	store := open(t)
	begin := time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)
	run, err := runs.Start(t.Context(), store, runs.Options{Clock: func() time.Time { return begin }})
	if err != nil {
		t.Fatal(err)
	}
	ticks, times := make(chan time.Time), make(chan time.Time)
	go func() {
		for i := range 4 {
			for range 2 { // the monitor asks twice a sample
				times <- begin.Add(time.Duration(i) * 10 * time.Second)
			}
		}
	}()
	stop := sysmon.Start(t.Context(), run, sysmon.Options{
		Ticks: ticks, Clock: func() time.Time { return <-times }, Root: before, PID: me, NVML: none, Warn: func(err error) { t.Error(err) },
	})
	for range 3 {
		ticks <- time.Time{}
	}
	stop()
	stop()
	points, err := store.Points(t.Context(), run.ID(), "system/memory_mb", "")
	if err != nil {
		t.Fatal(err)
	}
	var steps []int64
	for _, p := range points {
		steps = append(steps, p.Step)
		if p.Value != 1024 || !p.Time.Equal(begin.Add(time.Duration(p.Step)*time.Second)) {
			t.Errorf("got %+v", p)
		}
	}
	if want := []int64{0, 10, 20}; len(steps) < 3 || !slices.Equal(steps[:3], want) {
		t.Errorf("steps %v, want %v", steps, want)
	}
	if err := run.Finish(t.Context(), tracker.Finished); err != nil {
		t.Error(err)
	}
}

func TestSamplingEndsWithItsRun(t *testing.T) {
	run, err := runs.Start(t.Context(), open(t), runs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ticks := make(chan time.Time, 1)
	closed := make(chan struct{})
	library := &mock.Interface{
		InitFunc:           func() nvml.Return { return nvml.SUCCESS },
		DeviceGetCountFunc: func() (int, nvml.Return) { return 0, nvml.SUCCESS },
		ShutdownFunc:       func() nvml.Return { close(closed); return nvml.SUCCESS },
	}
	stop := sysmon.Start(context.Background(), run, sysmon.Options{Ticks: ticks, Root: before, PID: me, NVML: library})
	if err := run.Finish(t.Context(), tracker.Finished); err != nil {
		t.Fatal(err)
	}
	ticks <- time.Time{}
	<-closed
	stop()
}

func TestWhatGoesWrongIsToldOnceAndTheRunGoesOn(t *testing.T) {
	store := open(t)
	run, err := runs.Start(t.Context(), store, runs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var told []error
	ticks := make(chan time.Time)
	root := with(before, map[string]string{"proc/stat": "nonsense"})
	stop := sysmon.Start(t.Context(), run, sysmon.Options{Ticks: ticks, Root: root, PID: me, NVML: none, Warn: func(err error) { told = append(told, err) }})
	for range 3 {
		ticks <- time.Time{}
	}
	stop()
	if len(told) != 1 {
		t.Errorf("told %v", told)
	}
	series, err := store.Series(t.Context(), run.ID())
	if err := errors.Join(err, run.Finish(t.Context(), tracker.Finished)); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(series, func(s tracker.Series) bool { return s.Key == "system/process_memory_mb" && s.Count >= 3 }) {
		t.Errorf("got %v", series)
	}
}
