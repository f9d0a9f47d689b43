package hook_test

import (
	"context"
	"errors"
	"testing"

	"paperlab/lib/tensor"
	"paperlab/lib/train"
	"paperlab/tracker"
	"paperlab/tracker/hook"
	"paperlab/tracker/runs"
	"paperlab/tracker/storetest"
)

// fit runs a training of 4 steps that a record is kept of, with other hooks.
func fit(t *testing.T, record *hook.Record, cfg train.Config, more ...train.Hook) {
	t.Helper()
	model, err := newScale()
	if err != nil {
		t.Fatal(err)
	}
	defer model.parameters.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	interrupt := func(_ context.Context, e train.Event) error {
		if s, ok := e.(train.Step); ok && s.Step == 2 && cfg.Resume == "" {
			cancel()
		}
		return nil
	}
	cfg.Epochs, cfg.BatchSize, cfg.LearningRate, cfg.LogEvery = 2, 4, 0.5, 1
	// What Fit returns is what the record is told.
	_, _ = train.Fit(ctx, train.Task[*tensor.Tensor]{Model: model, Training: numbers(8), Validation: numbers(3)}, cfg, append(more, record.Hook, interrupt)...)
}

func TestATrainingThatGoesOnIsRecordedInTheSameRun(t *testing.T) {
	store, cfg := storetest.New(t), train.Config{Output: t.TempDir()}
	first := hook.NewRecord(store, runs.Options{Name: "first"})
	fit(t, first, cfg)
	cfg.Resume = train.Latest
	second := hook.NewRecord(store, runs.Options{Name: "second"})
	fit(t, second, cfg)

	all, err := runs.List(t.Context(), store, tracker.RunFilter{})
	if err != nil || len(all) != 1 {
		t.Fatalf("%d runs, %v; want one", len(all), err)
	}
	run := all[0].Run
	if run.Name != "first" || run.Status != tracker.Finished || run.Session != 2 {
		t.Errorf("%s is %s in session %d", run.Name, run.Status, run.Session)
	}
	if loss, _ := all[0].Metric("train/loss"); loss.Count != 4 || loss.Last.Step != 4 {
		t.Errorf("the loss has %d points up to step %d, want each of 4 steps once", loss.Count, loss.Last.Step)
	}
}

func TestATrainingThatWasKilledBeforeItNamedItsCheckpointIsRecordedInTheSameRun(t *testing.T) {
	store, cfg := storetest.New(t), train.Config{Output: t.TempDir()}
	options := runs.Options{Params: map[string]any{"output": cfg.Output}}
	fit(t, hook.NewRecord(store, options), cfg)
	all, err := store.Runs(t.Context(), tracker.RunFilter{})
	if err != nil || len(all) != 1 {
		t.Fatalf("%d runs, %v; want one", len(all), err)
	}
	forget := func(run *tracker.Run) error {
		clear(run.Tags)
		return nil
	}
	if _, err := store.UpdateRun(t.Context(), all[0].ID, forget); err != nil {
		t.Fatal(err)
	}
	cfg.Resume = train.Latest
	fit(t, hook.NewRecord(store, options), cfg)
	if all, err = store.Runs(t.Context(), tracker.RunFilter{}); err != nil || len(all) != 1 || all[0].Session != 2 {
		t.Errorf("%d runs, %v; want one in its second session", len(all), err)
	}
}

func TestATrainingThatCannotStartLeavesNoRecord(t *testing.T) {
	store := storetest.New(t)
	record := hook.NewRecord(store, runs.Options{})
	fit(t, record, train.Config{Output: t.TempDir(), Resume: train.Latest})
	if all, err := runs.List(t.Context(), store, tracker.RunFilter{}); err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
	if _, err := record.Run(t.Context()); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("its run: %v", err)
	}
}

func TestMoreIsLoggedToTheRunOfATrainingThatEnded(t *testing.T) {
	store := storetest.New(t)
	record := hook.NewRecord(store, runs.Options{})
	fit(t, record, train.Config{Output: t.TempDir()})
	run, err := record.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Log(t.Context(), 4, map[string]float64{"test/loss": 0.5}); err != nil {
		t.Fatal(err)
	}
	if _, values, err := runs.Curve(t.Context(), store, run.ID(), "test/loss"); err != nil || len(values) != 1 || values[0] != 0.5 {
		t.Errorf("test/loss %v, %v", values, err)
	}
}
