package ingest_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/ingest"
	"paperlab/tracker/storetest"
	"paperlab/tracker/tfevents"
)

// eventFile gives the bytes of an event file.
func eventFile(t *testing.T, created time.Time, write func(w *tfevents.Writer) error) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := tfevents.NewWriter(&file, created)
	if err == nil {
		err = write(w)
	}
	if err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// losses gives a file with these losses at steps from first on.
func losses(t *testing.T, created time.Time, first int64, values ...float64) []byte {
	return eventFile(t, created, func(w *tfevents.Writer) error {
		for i, v := range values {
			if err := w.Scalar("Training Loss", first+int64(i), created.Add(time.Duration(i)*time.Second), v); err != nil {
				return err
			}
		}
		return nil
	})
}

func put(t *testing.T, content []byte, path ...string) {
	t.Helper()
	file := filepath.Join(path...)
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, content, 0o644)); err != nil {
		t.Fatal(err)
	}
}

// imported brings a folder in and gives the runs with what was added.
func imported(t *testing.T, store tracker.Store, root string) (ids []string, added []ingest.Added) {
	t.Helper()
	err := ingest.Events(t.Context(), store, root, "papers", func(run *ingest.Run) {
		ids, added = append(ids, run.ID()), append(added, run.Added())
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids, added
}

func TestEachFolderOfEventFilesIsARun(t *testing.T) {
	store, root := storetest.New(t), t.TempDir()
	put(t, eventFile(t, at, func(w *tfevents.Writer) error {
		h := tfevents.HParams{Group: "seeds", Started: at, Params: map[string]any{"lr": 0.5, "model": "t5"}}
		return errors.Join(
			w.HParams(at, h, nil), w.Scalar("Validation Loss", 1, at, 2.5), w.Text("note/text_summary", 2, at, "a text"),
			w.Histogram("weights", 3, at, tfevents.Histogram{Edges: []float64{0, 1}, Counts: []float64{4}}),
			w.Image("plot", 4, at, tfevents.Image{Width: 1, Height: 2, Content: []byte("\x89PNG\r\n\x1a\n")}),
			w.Image("sound", 4, at, tfevents.Image{Content: []byte("no image")}), w.Scalar("bad\x01key", 1, at, 1),
			w.End(at, tfevents.End{Status: tfevents.Failure, Ended: at.Add(time.Hour)}))
	}), root, "runs", "first", "events.out.tfevents.1")
	put(t, losses(t, at, 1, 3, 2, 1), root, "runs", "resumed", "events.out.tfevents.1")
	put(t, losses(t, at.Add(time.Hour), 2, 1.5), root, "runs", "resumed", "events.out.tfevents.2")
	put(t, losses(t, at, 0), root, "runs", "empty", "events.out.tfevents.1")

	ids, added := imported(t, store, root)
	if want := []ingest.Added{{Points: 1, Others: 3}, {Points: 4}}; !reflect.DeepEqual(added, want) {
		t.Fatalf("added %+v, want %+v", added, want)
	}
	first, err := store.Run(t.Context(), ids[0])
	if err != nil || first.Name != "runs/first" || first.Project != "papers" || first.Status != tracker.Failed || !first.Ended.Equal(at.Add(time.Hour)) ||
		first.Params["lr"] != 0.5 || first.Params["model"] != "t5" || first.Owner != nil {
		t.Errorf("got %+v, %v", first, err)
	}
	if texts, err := store.Texts(t.Context(), ids[0], "note"); err != nil || len(texts) != 1 || texts[0].Body != "a text" {
		t.Errorf("got %v, %v", texts, err)
	}
	// The second file is a session that replaces what it repeats.
	points, err := store.Points(t.Context(), ids[1], "train/loss", "")
	if curve := tracker.Curve(points); err != nil || len(points) != 4 || len(curve) != 2 || curve[1].Value != 1.5 {
		t.Errorf("got %v, %v", points, err)
	}
	again, added := imported(t, store, root)
	if !reflect.DeepEqual(again, ids) || !reflect.DeepEqual(added, make([]ingest.Added, 2)) {
		t.Errorf("imported again: %v, added %+v", again, added)
	}
	// Wherever the folder lies, it is the same run; and it goes on where it has grown.
	moved := filepath.Join(t.TempDir(), "moved")
	if err := os.Rename(filepath.Join(root, "runs", "resumed"), moved); err != nil {
		t.Fatal(err)
	}
	put(t, losses(t, at.Add(2*time.Hour), 3, 0.5), moved, "events.out.tfevents.3")
	if same, added := imported(t, store, moved); same[0] != ids[1] || added[0].Points != 1 {
		t.Errorf("moved: %v, added %+v", same, added)
	}
}

func TestARunEndsWithItsLastEventIfItsEndHasNoTime(t *testing.T) {
	store, root := storetest.New(t), t.TempDir()
	put(t, eventFile(t, at, func(w *tfevents.Writer) error {
		return errors.Join(w.Scalar("loss", 1, at.Add(time.Minute), 1), w.End(at, tfevents.End{Status: tfevents.Success}))
	}), root, "tfevents")
	ids, _ := imported(t, store, root)
	run, err := store.Run(t.Context(), ids[0])
	if err != nil || !run.Ended.Equal(at.Add(time.Minute)) || run.Status != tracker.Finished {
		t.Errorf("got %+v, %v", run, err)
	}
}

func TestWhatCannotBeKeptIsCounted(t *testing.T) {
	store, root := storetest.New(t), t.TempDir()
	put(t, eventFile(t, at, func(w *tfevents.Writer) error {
		return errors.Join(
			w.HParams(at, tfevents.HParams{Params: map[string]any{"bad\x01name": 1.0}}, nil),
			w.Scalar("bad\x01key", 1, at, 1), w.Scalar("bad\x01key", 2, at, 1), w.Scalar("good", 2, at, 1),
			w.Image("sound", 4, at, tfevents.Image{Content: []byte("no image")}))
	}), root, "tfevents")
	var left map[string]int
	err := ingest.Events(t.Context(), store, root, "", func(run *ingest.Run) { left = run.LeftOut() })
	counts := slices.Sorted(maps.Values(left))
	if err != nil || !slices.Equal(counts, []int{1, 1, 2}) {
		t.Errorf("left out %v, %v", left, err)
	}
}

func TestDamageAndWhatIsNotWholeYetIsSaid(t *testing.T) {
	store, root := storetest.New(t), t.TempDir()
	whole := losses(t, at, 1, 3, 2, 1)
	put(t, whole[:len(whole)-5], root, "growing", "tfevents")
	broken := losses(t, at.Add(time.Second), 1, 3, 2, 1)
	broken[len(broken)-1] ^= 1
	put(t, broken, root, "broken", "tfevents")
	var unread int64
	points := int64(0)
	err := ingest.Events(t.Context(), store, root, "", func(run *ingest.Run) {
		unread += run.Unread()
		points += run.Added().Points
	})
	if !errors.Is(err, tracker.ErrCorrupt) || !strings.Contains(err.Error(), filepath.Join(root, "broken", "tfevents")) || unread == 0 || points != 4 {
		t.Errorf("%d bytes unread, %d points, %v", unread, points, err)
	}
	if err := ingest.Events(t.Context(), store, t.TempDir(), "", nil); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestAGrowingFileIsFollowedUntilTheEnd(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	store, root := storetest.New(t), t.TempDir()
	whole := losses(t, at, 1, 3, 2, 1)
	path := filepath.Join(root, "tfevents")
	put(t, whole[:len(whole)-20], path)
	ticks, reports := make(chan time.Time), make(chan int64, 10)
	ended := make(chan error)
	go func() {
		ended <- ingest.Follow(ctx, store, root, "", ticks, func(run *ingest.Run) { reports <- run.Added().Points })
	}()
	if n := <-reports; n != 2 {
		t.Errorf("%d points at first", n)
	}
	put(t, whole, path)
	put(t, losses(t, at, 1, 5), root, "new", "tfevents")
	ticks <- time.Time{}
	if n := <-reports + <-reports; n != 4 {
		t.Errorf("%d points then", n)
	}
	runs, err := store.Runs(ctx, tracker.RunFilter{Status: tracker.Running})
	if err != nil || len(runs) != 2 {
		t.Errorf("%d runs are running, %v", len(runs), err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	runs, err = store.Runs(t.Context(), tracker.RunFilter{Status: tracker.Finished})
	if err != nil || len(runs) != 2 || runs[0].Ended.IsZero() {
		t.Errorf("%d runs have finished, %v", len(runs), err)
	}
}
