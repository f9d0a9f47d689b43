package mlflow_test

import (
	"database/sql"
	"errors"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"paperlab/peers"
	"paperlab/tracker"
	"paperlab/tracker/ingest"
	"paperlab/tracker/mlflow"
	"paperlab/tracker/storetest"
)

// golden makes the database of which testdata/mlflow.sql is the text.
func golden(t *testing.T) (path string) {
	t.Helper()
	text, err := os.ReadFile("testdata/mlflow.sql")
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "mlflow.db")
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), string(text))
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// imported brings the database in and gives the runs by name, with what was added to each.
func imported(t *testing.T, store tracker.Store, path string) (map[string]*tracker.Run, map[string]ingest.Added) {
	t.Helper()
	runs, added := map[string]*tracker.Run{}, map[string]ingest.Added{}
	err := mlflow.Import(t.Context(), store, path, func(run *ingest.Run) {
		kept, err := store.Run(t.Context(), run.ID())
		if err != nil {
			t.Fatal(err)
		}
		runs[run.Name()], added[run.Name()] = kept, run.Added()
	})
	if err != nil {
		t.Fatal(err)
	}
	return runs, added
}

func TestADatabaseOfMLflowIsImported(t *testing.T) {
	store, path := storetest.New(t), golden(t)
	runs, added := imported(t, store, path)
	if want := map[string]ingest.Added{"first": {Points: 7, Others: 1}, "child": {}, "running": {}, "gone": {}}; !maps.Equal(added, want) {
		t.Fatalf("added %+v, want %+v", added, want)
	}
	first, child, running, gone := runs["first"], runs["child"], runs["running"], runs["gone"]
	params := tracker.Params{"lr": 5e-5, "model": "t5", "epochs": int64(3), "fp16": true, "text": "0123"}
	if !reflect.DeepEqual(first.Params, params) || first.Project != "papers" || first.Status != tracker.Finished || first.Notes != "a **note**" ||
		first.Source.Command != "train.py" || first.Source.Commit != "abc" || first.Tags["best"] != "yes" || len(first.Tags["mlflow.run_id"]) != 32 ||
		!first.Started.Equal(time.UnixMilli(1700000000000)) || !first.Ended.Equal(time.UnixMilli(1700000060000)) {
		t.Errorf("got %+v", first)
	}
	if child.Parent != first.ID || child.Status != tracker.Killed || running.Status != tracker.Running || running.Project != "default" {
		t.Errorf("got %+v and %+v", child, running)
	}
	if gone.Deleted.IsZero() || gone.Status != tracker.Failed {
		t.Errorf("got %+v", gone)
	}
	loss, err1 := store.Points(t.Context(), first.ID, "eval/loss", "")
	odd, err2 := store.Points(t.Context(), first.ID, "odd", "")
	if err := errors.Join(err1, err2); err != nil || len(loss) != 4 || loss[1].Value != 2 || loss[2].Value != 9 || len(odd) != 3 ||
		!math.IsInf(odd[0].Value, -1) || !math.IsNaN(odd[1].Value) || !math.IsInf(odd[2].Value, 1) {
		t.Errorf("got %v and %v, %v", loss, odd, err)
	}
	projects, err := store.Projects(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range projects {
		if p.Name == "papers" && p.Tags["field"] != "nlp" || p.Name == "old" && p.Deleted.IsZero() {
			t.Errorf("got %+v", p)
		}
	}
	again, added := imported(t, store, path)
	if !reflect.DeepEqual(again, runs) || added["first"] != (ingest.Added{}) {
		t.Errorf("imported again: added %+v, runs %v", added, again)
	}
}

func TestADatabaseJustMadeByMLflowIsImportedWithItsFiles(t *testing.T) {
	folder, store := t.TempDir(), storetest.New(t)
	peers.Run(t, peers.MLflow, "testdata/make_golden.py", folder)
	runs, added := imported(t, store, filepath.Join(folder, "mlflow.db"))
	if want := (ingest.Added{Points: 7, Others: 2}); added["first"] != want {
		t.Fatalf("added %+v, want %+v", added["first"], want)
	}
	artifacts, err := store.Artifacts(t.Context(), runs["first"].ID)
	if err != nil || len(artifacts) != 1 || artifacts[0].Name != "notes/a.txt" {
		t.Fatalf("got %v, %v", artifacts, err)
	}
	content, err := store.OpenArtifact(t.Context(), artifacts[0].Hash)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	if text, err := io.ReadAll(content); err != nil || string(text) != "of a run" {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestWhatIsNoDatabaseOfMLflowIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if err := mlflow.Import(t.Context(), storetest.New(t), path, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if err := os.WriteFile(path, []byte("no database"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := mlflow.Import(t.Context(), storetest.New(t), path, nil); err == nil {
		t.Error("a text file was imported")
	}
}
