package export_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"paperlab/peers"
	"paperlab/tracker"
	"paperlab/tracker/export"
	"paperlab/tracker/runs"
	"paperlab/tracker/storetest"
	"paperlab/tracker/tfevents"
)

var at = time.Date(2026, 3, 4, 5, 6, 7, 8e6, time.UTC)

// fill makes a run with three points.
func fill(t *testing.T, store tracker.Store, name string) *tracker.Run {
	t.Helper()
	run := storetest.Create(t, store, name)
	point := func(step int64, value float64) tracker.Point {
		return tracker.Point{Step: step, Time: at, Session: 1, Value: value}
	}
	err := store.Log(t.Context(), run.ID, []tracker.Sample{
		{Key: "train/loss", Point: point(1, 0.1)},
		{Key: "train/loss", Point: point(2, math.NaN())},
		{Key: "eval/loss", Context: "rank=1", Point: point(2, math.Inf(1))},
	})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func TestEveryPointIsALineOfCSV(t *testing.T) {
	store := storetest.New(t)
	run := fill(t, store, `of "two"`)
	path := filepath.Join(t.TempDir(), "runs.csv")
	if n, err := export.CSV(t.Context(), store, path, run.ID); n != 3 || err != nil {
		t.Fatalf("%d points, %v", n, err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"run", "name", "key", "context", "session", "step", "time", "value"},
		{run.ID, `of "two"`, "eval/loss", "rank=1", "1", "2", "2026-03-04T05:06:07.008Z", "+Inf"},
		{run.ID, `of "two"`, "train/loss", "", "1", "1", "2026-03-04T05:06:07.008Z", "0.1"},
		{run.ID, `of "two"`, "train/loss", "", "1", "2", "2026-03-04T05:06:07.008Z", "NaN"},
	}
	if !reflect.DeepEqual(lines, want) {
		t.Errorf("got %q, want %q", lines, want)
	}
}

func TestDuckDBAndPandasReadParquet(t *testing.T) {
	store := storetest.New(t)
	run := fill(t, store, "é")
	path := filepath.Join(t.TempDir(), "runs.parquet")
	if n, err := export.Parquet(t.Context(), store, path, run.ID); n != 3 || err != nil {
		t.Fatalf("%d points, %v", n, err)
	}
	out := peers.Run(t, peers.Tracker, "testdata/parquet.py", path)
	want := strings.ReplaceAll(`[
		["RUN", "é", "eval/loss", "rank=1", 1, 2, "2026-03-04T05:06:07.008000+00:00", "inf"],
		["RUN", "é", "train/loss", "", 1, 1, "2026-03-04T05:06:07.008000+00:00", "0.1"],
		["RUN", "é", "train/loss", "", 1, 2, "2026-03-04T05:06:07.008000+00:00", "nan"]]`, "RUN", run.ID)
	var expected any
	if err := json.Unmarshal([]byte(want), &expected); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	for _, reader := range []string{"pandas", "duckdb"} {
		if !reflect.DeepEqual(got[reader], expected) {
			t.Errorf("%s got\n%v\nwant\n%v", reader, got[reader], expected)
		}
	}
}

func TestTensorBoardReadsEventFiles(t *testing.T) {
	store := storetest.New(t)
	first, second := fill(t, store, "first"), fill(t, store, "../second")
	points := func(session int64, steps ...int64) (samples []tracker.Sample) {
		for _, step := range steps {
			samples = append(samples, tracker.Sample{Key: "train/grad_norm", Point: tracker.Point{
				Session: session, Step: step, Time: at, Value: float64(10*session + step)}})
		}
		return samples
	}
	// Resumed twice, a step logged twice: what a plot shows is what TensorBoard gets.
	all := append(append(points(1, 1, 2, 3, 4, 9), points(2, 3, 3, 8)...), points(3, 7, 5)...)
	if err := store.Log(t.Context(), second.ID, all); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "new", "logs")
	for range 2 {
		if _, err := export.Events(t.Context(), store, folder, first.ID, second.ID); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(folder, "*", "events.out.tfevents.*"))
	if err != nil || len(files) != 2 {
		t.Fatalf("got %v, %v", files, err)
	}
	var got struct{ Scalars map[string][][]any }
	out := peers.Run(t, peers.Tracker, "../tfevents/testdata/read.py", filepath.Join(folder, ".._second"))
	// Python writes NaN and Infinity as they are.
	out = strings.NewReplacer("NaN", `"NaN"`, "Infinity", `"Infinity"`).Replace(out)
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	wall := float64(at.UnixMilli()) / 1000
	curve, err := store.Points(t.Context(), second.ID, "train/grad_norm", "")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][][]any{
		"Training Loss":           {{wall, 1.0, float64(float32(0.1))}, {wall, 2.0, "NaN"}},
		"Validation Loss{rank=1}": {{wall, 2.0, "Infinity"}},
	}
	for _, p := range tracker.Curve(curve) {
		want["train/grad_norm"] = append(want["train/grad_norm"], []any{wall, float64(p.Step), p.Value})
	}
	if !reflect.DeepEqual(got.Scalars, want) {
		t.Errorf("got\n%v\nwant\n%v", got.Scalars, want)
	}
}

func TestTensorBoardsHParamsTabShowsTheRuns(t *testing.T) {
	store := storetest.New(t)
	var ids []string
	for name, rate := range map[string]float64{"low": 1e-5, "high": 1e-3} {
		run := storetest.NewRun(t, name)
		run.Params, run.Status, run.Ended = tracker.Params{"lr": rate, "model": "t5", "epochs": int64(3)}, tracker.Finished, at
		if err := store.CreateRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		if err := store.Log(t.Context(), run.ID, storetest.Samples("eval/loss", 4, 1000*rate)); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, run.ID)
	}
	folder := t.TempDir()
	if _, err := export.Events(t.Context(), store, folder, ids...); err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal([]byte(peers.Run(t, peers.Tracker, "testdata/hparams.py", folder)), &got); err != nil {
		t.Fatal(err)
	}
	const text = `{"hparams": ["epochs", "lr", "model"], "metrics": ["Validation Loss"], "runs": {
		"low": {"hparams": {"lr": 1e-5, "model": "t5", "epochs": 3}, "status": "STATUS_SUCCESS", "metrics": {"Validation Loss": 0.009999999776482582}},
		"high": {"hparams": {"lr": 1e-3, "model": "t5", "epochs": 3}, "status": "STATUS_SUCCESS", "metrics": {"Validation Loss": 1}}}}`
	if err := json.Unmarshal([]byte(text), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
}

func TestOneRunBecomesAFileInTheFolderItself(t *testing.T) {
	store := storetest.New(t)
	run, folder := fill(t, store, "first"), t.TempDir()
	if n, err := export.Events(t.Context(), store, folder, run.ID); n != 3 || err != nil {
		t.Fatalf("%d points, %v", n, err)
	}
	events := 0
	read := tfevents.OpenFolder(folder)
	err := read.Read(t.Context(), func(int, tfevents.Event) error { events++; return nil })
	if err != nil || len(read.Files()) != 1 || events != 6 { // the header, the parameters in two, three points
		t.Errorf("%d events in %v, %v", events, read.Files(), err)
	}
}

func TestWhatCannotBeExportedLeavesTheFileAsItWas(t *testing.T) {
	const missing = "01m891em0epd5sn276fdacgq8d"
	for name, write := range map[string]func(context.Context, tracker.Reader, string, ...string) (int64, error){
		"csv": export.CSV, "parquet": export.Parquet, "jsonl": export.JSONLines,
	} {
		t.Run(name, func(t *testing.T) {
			store, path := storetest.New(t), filepath.Join(t.TempDir(), "runs")
			run := fill(t, store, "first")
			if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := write(t.Context(), store, path, run.ID, missing)
			if content, _ := os.ReadFile(path); !errors.Is(err, tracker.ErrNotFound) || string(content) != "old" {
				t.Errorf("%v, and the file holds %q", err, content)
			}
			cancelled, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := write(cancelled, store, path, run.ID); err == nil {
				t.Error("written although it was cancelled")
			}
			if _, err := write(t.Context(), store, filepath.Join(path, "below"), run.ID); err == nil {
				t.Error("a file was written below a file")
			}
			if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); err != nil || len(left) != 1 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
	if _, err := export.Events(t.Context(), storetest.New(t), t.TempDir(), missing); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("event files: %v", err)
	}
}

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "export-example-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	store, err := runs.Open(ctx, filepath.Join(dir, runs.FileName))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	run, err := runs.Create(ctx, store, runs.Options{Name: "first"})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := run.Log(ctx, 1, map[string]float64{"train/loss": 2.5}); err != nil {
		fmt.Println(err)
		return
	}
	points, err := export.CSV(ctx, store, filepath.Join(dir, "runs.csv"), run.ID())
	fmt.Println(points, err)
	// Output: 1 <nil>
}
