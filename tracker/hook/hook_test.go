package hook_test

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/tensor"
	"paperlab/lib/train"
	"paperlab/tracker"
	"paperlab/tracker/hook"
	"paperlab/tracker/runs"
	"paperlab/tracker/storetest"
)

// record runs a training of 4 steps in a new database, with changes to it, and returns its run and store.
func record(t *testing.T, change func(task *train.Task[*tensor.Tensor], cfg *train.Config), more ...train.Hook) (runs.Summary, tracker.Store) {
	t.Helper()
	store := storetest.New(t)
	model, err := newScale()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(model.parameters.Close)
	task := train.Task[*tensor.Tensor]{Model: model, Training: numbers(8), Validation: numbers(3)}
	cfg := train.Config{Epochs: 2, BatchSize: 4, LearningRate: 0.5, LogEvery: 1, Output: t.TempDir()}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if change != nil {
		change(&task, &cfg)
	}
	run, err := runs.Start(ctx, store, runs.Options{Params: cfg.Params()})
	if err != nil {
		t.Fatal(err)
	}
	stop := func(_ context.Context, e train.Event) error {
		if _, ok := e.(train.Saved); ok && task.Final == nil {
			cancel()
		}
		return nil
	}
	// What Fit returns is what Finished carries, which these tests are about.
	_, _ = train.Fit(ctx, task, cfg, append(more, hook.New(run), stop)...)
	summary, err := runs.Get(t.Context(), store, run.ID())
	if err != nil {
		t.Fatal(err)
	}
	return summary, store
}

func measure(context.Context) (map[string]float64, error) {
	return map[string]float64{"test/loss": 0.5, "rouge/rouge1": 0.25}, nil
}

func TestATrainingIsLoggedWhole(t *testing.T) {
	var losses []float64
	watch := func(_ context.Context, e train.Event) error {
		if l, ok := e.(train.Logged); ok {
			losses = append(losses, l.Loss)
		}
		return nil
	}
	var output string
	summary, store := record(t, func(task *train.Task[*tensor.Tensor], cfg *train.Config) { task.Final, output = measure, cfg.Output }, watch)
	run := summary.Run
	if run.Status != tracker.Finished || run.Params["learning_rate"] != 0.5 || run.Params["precision"] != "float32" {
		t.Errorf("status %s, parameters %v", run.Status, run.Params)
	}
	counts := map[string]int64{}
	for _, series := range summary.Series {
		counts[series.Key] = series.Count
	}
	for key, want := range map[string]int64{
		"train/loss": 4, "train/learning_rate": 4, "train/grad_norm": 4, "train/epoch": 4, "process/memory_mb": 4, "gpu/memory_mb": 0,
		"eval/loss": 2, "train/epoch_loss": 2, "eval/epoch": 2, "eval/runtime_s": 2, "test/loss": 1, "rouge/rouge1": 1,
	} {
		if counts[key] != want {
			t.Errorf("%s has %d points, want %d", key, counts[key], want)
		}
	}
	steps, values, err := runs.Curve(t.Context(), store, run.ID, "train/loss")
	if err != nil || !slices.Equal(values, losses) || !slices.Equal(steps, []float64{1, 2, 3, 4}) {
		t.Errorf("the curve is %v at %v, %v; want %v", values, steps, err, losses)
	}
	newest := filepath.Join(output, "checkpoint-4")
	if run.Tags["checkpoint"] != newest || run.Tags["best_checkpoint"] != newest {
		t.Errorf("tags %v, want %s as newest and best", run.Tags, newest)
	}
	checkArtifact(t, store, run.ID, "checkpoint-4/trainer_state.json", filepath.Join(newest, "trainer_state.json"))
}

func checkArtifact(t *testing.T, store tracker.Store, run, name, path string) {
	t.Helper()
	artifacts, err := store.Artifacts(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(artifacts, func(a tracker.Artifact) bool { return a.Name == name })
	if i < 0 {
		t.Fatalf("no artifact %s among %v", name, artifacts)
	}
	content, err := store.OpenArtifact(t.Context(), artifacts[i].Hash)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	got, err := io.ReadAll(content)
	want, errFile := os.ReadFile(path)
	if err != nil || errFile != nil || string(got) != string(want) {
		t.Errorf("artifact %s is not the file %s: %v, %v", name, path, err, errFile)
	}
}

func TestTheStatusSaysHowTheTrainingEnded(t *testing.T) {
	broken := errors.New("the disk is full")
	cases := map[string]struct {
		change func(task *train.Task[*tensor.Tensor], cfg *train.Config)
		status tracker.Status
		word   string // of the tag error
	}{
		"it came to its end":     {func(task *train.Task[*tensor.Tensor], _ *train.Config) { task.Final = measure }, tracker.Finished, ""},
		"it was interrupted":     {nil, tracker.Killed, ""},
		"it could not start":     {func(_ *train.Task[*tensor.Tensor], cfg *train.Config) { cfg.BatchSize = -1 }, tracker.Failed, "batch size -1"},
		"its measurement failed": {func(task *train.Task[*tensor.Tensor], _ *train.Config) { task.Final = failing(broken) }, tracker.Failed, "disk is full"},
		"saving failed": {func(task *train.Task[*tensor.Tensor], _ *train.Config) {
			task.Save = func(string) error { return broken }
		}, tracker.Failed, "disk is full"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			summary, _ := record(t, c.change)
			if summary.Run.Status != c.status || !strings.Contains(summary.Run.Tags["error"], c.word) {
				t.Errorf("status %s, error %q; want %s, %q", summary.Run.Status, summary.Run.Tags["error"], c.status, c.word)
			}
		})
	}
}

func failing(err error) func(context.Context) (map[string]float64, error) {
	return func(context.Context) (map[string]float64, error) { return nil, err }
}

func TestANaNLossIsInTheCurve(t *testing.T) {
	summary, store := record(t, func(task *train.Task[*tensor.Tensor], _ *train.Config) { task.Final, task.Training = measure, nans(8) })
	_, values, err := runs.Curve(t.Context(), store, summary.Run.ID, "train/loss")
	if err != nil || len(values) != 4 || !math.IsNaN(values[0]) {
		t.Errorf("the curve is %v, %v; want 4 times NaN", values, err)
	}
}

// nans is a data set of what is not a number.
type nans int

func (n nans) Len() int { return int(n) }

func (n nans) Batch(s *tensor.Scope, indices []int) *tensor.Tensor {
	return s.Full(math.NaN(), tensor.Float32, int64(len(indices)))
}

func TestAResumedRunSaysFromWhere(t *testing.T) {
	folder := t.TempDir()
	record(t, func(task *train.Task[*tensor.Tensor], cfg *train.Config) { cfg.Output = folder })
	summary, _ := record(t, func(task *train.Task[*tensor.Tensor], cfg *train.Config) {
		task.Final, cfg.Output, cfg.Resume = measure, folder, train.Latest
	})
	if want := filepath.Join(folder, "checkpoint-2"); summary.Run.Tags["resumed_from"] != want {
		t.Errorf("resumed from %q, want %s", summary.Run.Tags["resumed_from"], want)
	}
}

func TestMemoryIsLoggedWhereItIsKnown(t *testing.T) {
	store := storetest.New(t)
	run, err := runs.Start(t.Context(), store, runs.Options{Name: "on a GPU"})
	if err != nil {
		t.Fatal(err)
	}
	defer run.Finish(t.Context(), tracker.Finished)
	if err := hook.New(run)(t.Context(), train.Logged{Step: 7, MemoryMB: math.NaN(), GPUMemoryMB: 512}); err != nil {
		t.Fatal(err)
	}
	steps, values, err := runs.Curve(t.Context(), store, run.ID(), "gpu/memory_mb")
	if err != nil || !slices.Equal(steps, []float64{7}) || !slices.Equal(values, []float64{512}) {
		t.Errorf("gpu/memory_mb %v at %v, %v; want 512 at 7", values, steps, err)
	}
	if steps, _, err := runs.Curve(t.Context(), store, run.ID(), "process/memory_mb"); err != nil || len(steps) != 0 {
		t.Errorf("an unknown memory was logged at %v, %v", steps, err)
	}
}

func TestATableOfSingleTextsIsLogged(t *testing.T) {
	store := storetest.New(t)
	run, err := runs.Start(t.Context(), store, runs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer run.Finish(t.Context(), tracker.Finished)
	event := train.Tabled{Key: "validation/examples", Step: 4, Columns: []string{"paper", "summary", "rouge1"}, Rows: [][]any{{"a", "Light bends.", 0.5}}}
	if err := hook.New(run)(t.Context(), event); err != nil {
		t.Fatal(err)
	}
	tables, err := store.Tables(t.Context(), run.ID(), "validation/examples")
	if err != nil || len(tables) != 1 || tables[0].Step != 4 || !slices.Equal(tables[0].Rows[0], []any{"a", "Light bends.", 0.5}) {
		t.Errorf("got %+v, %v", tables, err)
	}
}
