package hook_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"paperlab/lib/tensor"
	"paperlab/lib/train"
	"paperlab/tracker"
	"paperlab/tracker/hook"
	"paperlab/tracker/runs"
	"paperlab/tracker/storetest"
	"paperlab/tracker/sysmon"
)

// full is a store whose disk may be full.
type full struct {
	tracker.Store
	refuses bool
}

var errFull = &tracker.Error{Op: "write", Err: tracker.ErrFull}

func (f *full) Log(ctx context.Context, run string, samples []tracker.Sample) error {
	if f.refuses {
		return errFull
	}
	return f.Store.Log(ctx, run, samples)
}

func (f *full) UpdateRun(ctx context.Context, id string, change func(*tracker.Run) error) (*tracker.Run, error) {
	if f.refuses {
		return nil, errFull
	}
	return f.Store.UpdateRun(ctx, id, change)
}

func TestATrainingGoesOnWhereItsRecordCannotBeWritten(t *testing.T) {
	store := &full{Store: storetest.New(t)}
	var told []error
	record := hook.NewRecord(store, runs.Options{Warn: func(err error) { told = append(told, err) }}, hook.WithoutSampling())
	model, err := newScale()
	if err != nil {
		t.Fatal(err)
	}
	defer model.parameters.Close()
	fills := func(_ context.Context, e train.Event) error {
		if s, ok := e.(train.Step); ok && s.Step == 3 {
			store.refuses = true
		}
		return nil
	}
	cfg := train.Config{Epochs: 2, BatchSize: 4, LearningRate: 0.5, LogEvery: 1, Output: t.TempDir()}
	result, err := train.Fit(t.Context(), train.Task[*tensor.Tensor]{Model: model, Training: numbers(8), Validation: numbers(3)}, cfg, record.Hook, fills)
	if err != nil || result.Steps != 4 {
		t.Fatalf("the training ended after %d steps: %v", result.Steps, err)
	}
	if len(told) == 0 || !slices.ContainsFunc(told, func(err error) bool { return errors.Is(err, runs.ErrSpooled) && errors.Is(err, tracker.ErrFull) }) {
		t.Errorf("told %v", told)
	}

	store.refuses = false
	if err := runs.Drain(t.Context(), store); err != nil {
		t.Fatal(err)
	}
	all, err := runs.List(t.Context(), store, tracker.RunFilter{})
	if err != nil || len(all) != 1 {
		t.Fatalf("%d runs, %v", len(all), err)
	}
	loss, _ := all[0].Metric("train/loss")
	validation, _ := all[0].Metric("eval/loss")
	if run := all[0].Run; run.Status != tracker.Finished || loss.Count != 4 || validation.Count != 2 || filepath.Base(run.Tags["checkpoint"]) != "checkpoint-4" {
		t.Errorf("%s with %d losses, %d of validation, tags %v", run.Status, loss.Count, validation.Count, run.Tags)
	}
}

func TestTheMachineIsSampledWhileATrainingGoesOn(t *testing.T) {
	for name, c := range map[string]struct {
		option hook.Option
		want   bool
	}{
		"by itself":          {hook.Sampling(sysmon.Options{}), true},
		"but not if told so": {hook.WithoutSampling(), false},
	} {
		t.Run(name, func(t *testing.T) {
			store := storetest.New(t)
			record := hook.NewRecord(store, runs.Options{}, c.option)
			fit(t, record, train.Config{Output: t.TempDir()})
			all, err := runs.List(t.Context(), store, tracker.RunFilter{})
			if err != nil || len(all) != 1 {
				t.Fatalf("%d runs, %v", len(all), err)
			}
			if _, sampled := all[0].Metric("system/process_memory_mb"); sampled != c.want {
				t.Errorf("sampled: %v, want %v", sampled, c.want)
			}
		})
	}
}
