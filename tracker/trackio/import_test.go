package trackio_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"paperlab/peers"
	"paperlab/tracker"
	"paperlab/tracker/ingest"
	"paperlab/tracker/sqlite"
	"paperlab/tracker/storetest"
	"paperlab/tracker/trackio"
)

// golden makes the database of which testdata/trackio.sql is the text, in this folder.
func golden(ctx context.Context, folder string) (path string, err error) {
	text, err := os.ReadFile("testdata/trackio.sql")
	if err != nil {
		return "", err
	}
	path = filepath.Join(folder, "papers.db")
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		return "", err
	}
	_, err = db.ExecContext(ctx, string(text))
	return path, errors.Join(err, db.Close())
}

// imported brings the database in and gives the runs by name, with what was added to each and what was left out of any.
func imported(t *testing.T, store tracker.Store, path string) (runs map[string]*tracker.Run, added map[string]ingest.Added, left map[string]int) {
	t.Helper()
	runs, added, left = map[string]*tracker.Run{}, map[string]ingest.Added{}, map[string]int{}
	err := trackio.Import(t.Context(), store, path, func(run *ingest.Run) {
		kept, err := store.Run(t.Context(), run.ID())
		if err != nil {
			t.Fatal(err)
		}
		runs[run.Name()], added[run.Name()] = kept, run.Added()
		maps.Copy(left, run.LeftOut())
	})
	if err != nil {
		t.Fatal(err)
	}
	return runs, added, left
}

// check compares what was imported with what make_golden.py logged.
func check(t *testing.T, store tracker.Store, runs map[string]*tracker.Run) {
	t.Helper()
	first, second := runs["first"], runs["second"]
	params := tracker.Params{"lr": 5e-5, "epochs": int64(3), "model": "t5", "fp16": true, "nested": map[string]any{"a": []any{1.0, 2.0}}}
	if !reflect.DeepEqual(first.Params, params) || first.Group != "seeds" || first.Project != "papers" || first.Status != tracker.Finished || first.Ended.IsZero() {
		t.Errorf("got %+v", first)
	}
	for key, want := range map[string]float64{"train/loss": 2, "nan": math.NaN(), "inf": math.Inf(-1), "done": 1, "deep/a": 1.5} {
		points, err := store.Points(t.Context(), first.ID, key, "")
		if err != nil || len(points) == 0 || math.Float64bits(points[len(points)-1].Value) != math.Float64bits(want) {
			t.Errorf("%s: got %v, %v", key, points, err)
		}
	}
	tables, err1 := store.Tables(t.Context(), second.ID, "samples")
	histograms, err2 := store.Histograms(t.Context(), second.ID, "weights")
	alerts, err3 := store.Texts(t.Context(), second.ID, "alerts")
	system, err4 := store.Points(t.Context(), second.ID, "system/gpu/util", "")
	if err := errors.Join(err1, err2, err3, err4); err != nil || len(tables) != 1 || len(histograms) != 1 || len(alerts) != 1 || len(system) != 1 {
		t.Fatalf("got %v, %v, %v, %v, %v", tables, histograms, alerts, system, err)
	}
	if rows := [][]any{{2.5, int64(1), "x"}, {nil, int64(2), "y"}}; !reflect.DeepEqual(tables[0].Rows, rows) {
		t.Errorf("got %v, want %v", tables[0].Rows, rows)
	}
	if h := histograms[0]; !reflect.DeepEqual(h.Edges, []float64{0, 0.5, 1}) || !reflect.DeepEqual(h.Counts, []float64{1, 2}) {
		t.Errorf("got %+v", h)
	}
	if alerts[0].Body != "warn: careful\nthe loss is high" || system[0].Value != 50 {
		t.Errorf("got %q and %v", alerts[0].Body, system[0])
	}
}

func TestADatabaseOfTrackioIsImported(t *testing.T) {
	store := storetest.New(t)
	path, err := golden(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	runs, added, left := imported(t, store, path)
	if want := map[string]ingest.Added{"first": {Points: 6, Others: 1}, "second": {Points: 4, Others: 3}}; !maps.Equal(added, want) {
		t.Errorf("added %+v, want %+v", added, want)
	}
	if want := map[string]int{"lists": 1, "images whose files are missing": 1}; !maps.Equal(left, want) {
		t.Errorf("left out %v, want %v", left, want)
	}
	check(t, store, runs)
	again, added, _ := imported(t, store, path)
	if want := map[string]ingest.Added{"first": {}, "second": {}}; !maps.Equal(added, want) || !reflect.DeepEqual(again, runs) {
		t.Errorf("imported again: added %+v", added)
	}
}

func TestADatabaseJustWrittenByTrackioIsImportedWithItsImages(t *testing.T) {
	store, folder := storetest.New(t), t.TempDir()
	peers.Run(t, peers.Tracker, "testdata/make_golden.py", folder)
	runs, _, _ := imported(t, store, filepath.Join(folder, "papers.db"))
	check(t, store, runs)
	images, err := store.Images(t.Context(), runs["second"].ID, "plot")
	if err != nil || len(images) != 1 || images[0].MIME != "image/png" || images[0].Caption != "black" {
		t.Errorf("got %v, %v", images, err)
	}
}

func TestWhatIsNoDatabaseOfTrackioIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if err := trackio.Import(t.Context(), storetest.New(t), path, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if err := os.WriteFile(path, []byte("no database"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := trackio.Import(t.Context(), storetest.New(t), path, nil); err == nil {
		t.Error("a text file was imported")
	}
}

func Example() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "trackio-example-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	store, err := sqlite.Open(ctx, filepath.Join(folder, "paperlab.db"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	path, err := golden(ctx, folder)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = trackio.Import(ctx, store, path, func(run *ingest.Run) { fmt.Println(run.Name(), run.Added().Points, "points") })
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// first 6 points
	// second 4 points
}
