package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/ingest"
	"paperlab/tracker/sqlite"
	"paperlab/tracker/storetest"
)

var at = time.Date(2026, 3, 4, 5, 6, 7, 8e6, time.UTC)

func TestTheSameOriginHasTheSameID(t *testing.T) {
	first, err1 := ingest.ID(at, "mlflow:1")
	again, err2 := ingest.ID(at, "mlflow:1")
	other, err3 := ingest.ID(at, "mlflow:2")
	later, err4 := ingest.ID(at.Add(time.Second), "mlflow:1")
	if err := errors.Join(err1, err2, err3, err4); err != nil || first != again || first == other || later <= first {
		t.Errorf("got %s, %s, %s, %s, %v", first, again, other, later, err)
	}
}

// points logs steps with values 0, 1, 2 and so on.
func points(t *testing.T, run *ingest.Run, steps ...int64) {
	t.Helper()
	for i, step := range steps {
		err := run.Point(t.Context(), tracker.Sample{Key: "loss", Point: tracker.Point{Step: step, Time: at, Session: 1, Value: float64(i)}})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := run.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func begin(t *testing.T, store tracker.Store, source *tracker.Run) *ingest.Run {
	t.Helper()
	run, err := ingest.Begin(t.Context(), store, source)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func TestASourceThatHasGrownAddsWhatIsNew(t *testing.T) {
	store := storetest.New(t)
	source := storetest.NewRun(t, "growing")
	points(t, begin(t, store, source), 1, 3, 3)
	again := begin(t, store, source)
	points(t, again, 1, 3, 3, 2, 3) // the last at a step that is there, with another value
	if again.Added().Points != 2 || !again.Existed() {
		t.Errorf("added %+v, existed %v", again.Added(), again.Existed())
	}
	if got, err := store.Points(t.Context(), source.ID, "loss", ""); err != nil || len(got) != 5 {
		t.Errorf("%d points, %v", len(got), err)
	}
}

func TestEqualThingsOfOneImportAreAllKept(t *testing.T) {
	store := storetest.New(t)
	source := storetest.NewRun(t, "twice")
	for range 2 {
		run := begin(t, store, source)
		for range 2 {
			if err := run.Text(t.Context(), tracker.Text{Key: "summary", Step: 1, Time: at, Session: 1, Body: "the same"}); err != nil {
				t.Fatal(err)
			}
			err := run.Point(t.Context(), tracker.Sample{Key: "loss", Point: tracker.Point{Step: 1, Time: at, Session: 1, Value: math.NaN()}})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := run.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	texts, err1 := store.Texts(t.Context(), source.ID, "")
	logged, err2 := store.Points(t.Context(), source.ID, "loss", "")
	if err := errors.Join(err1, err2); err != nil || len(texts) != 2 || len(logged) != 2 {
		t.Errorf("%d texts, %d points, %v", len(texts), len(logged), err)
	}
}

func TestWhatWasChangedSinceStays(t *testing.T) {
	ctx, store := t.Context(), storetest.New(t)
	source := storetest.NewRun(t, "source")
	source.Params, source.Tags = tracker.Params{"lr": 1.0}, map[string]string{"best": "no"}
	begin(t, store, source)
	_, err := store.UpdateRun(ctx, source.ID, func(r *tracker.Run) error {
		r.Tags["best"], r.Notes = "yes", "a good one"
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	source.Status, source.Ended, source.Session = tracker.Failed, at, 2
	source.Params["epochs"] = int64(3)
	begin(t, store, source)
	run, err := store.Run(ctx, source.ID)
	if err != nil || run.Tags["best"] != "yes" || run.Notes != "a good one" || run.Status != tracker.Failed || run.Session != 2 || run.Params["epochs"] != int64(3) {
		t.Errorf("got %+v, %v", run, err)
	}
}

func TestAFileIsKeptOnce(t *testing.T) {
	store := storetest.New(t)
	source := storetest.NewRun(t, "files")
	for range 2 {
		run := begin(t, store, source)
		if err := run.File(t.Context(), "model/weights.bin", at, strings.NewReader("weights")); err != nil {
			t.Fatal(err)
		}
	}
	if artifacts, err := store.Artifacts(t.Context(), source.ID); err != nil || len(artifacts) != 1 {
		t.Errorf("got %v, %v", artifacts, err)
	}
	wrong := tracker.Artifact{Name: "a", Hash: "00", Time: at}
	if err := begin(t, store, source).Artifact(t.Context(), wrong, strings.NewReader("x")); !errors.Is(err, tracker.ErrCorrupt) {
		t.Errorf("a wrong hash: %v", err)
	}
}

func Example() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "ingest-example-")
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
	started := time.Unix(1700000000, 0)
	id, err := ingest.ID(started, "lab book:page 7")
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		run, err := ingest.Begin(ctx, store, &tracker.Run{ID: id, Name: "page 7", Status: tracker.Finished, Started: started, Session: 1})
		if err != nil {
			fmt.Println(err)
			return
		}
		point := tracker.Point{Step: 1, Time: started, Session: 1, Value: 0.5}
		if err := errors.Join(run.Point(ctx, tracker.Sample{Key: "loss", Point: point}), run.Flush(ctx)); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(run.Existed(), run.Added().Points)
	}
	// Output:
	// false 1
	// true 0
}
