package runs_test

import (
	"bufio"
	"context"
	"errors"
	"math"
	"path/filepath"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

func TestFollowTellsWhatIsNewOnce(t *testing.T) {
	store := open(t)
	run, err := runs.Create(t.Context(), store, runs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// Each look writes what the next one must tell: late steps, repeated ones, NaN, other contexts.
	writes := [][]tracker.Sample{
		{{Key: "a", Point: tracker.Point{Step: 5, Value: 1}}},
		{{Key: "a", Point: tracker.Point{Step: 2, Value: math.NaN()}}, {Key: "a", Point: tracker.Point{Step: 5, Value: 1}}},
		{{Key: "a", Context: "rank=0", Point: tracker.Point{Step: 5, Value: 3}}, {Key: "a", Point: tracker.Point{Step: 9, Value: 4}}},
	}
	written, told := 0, 0
	err = runs.Follow(t.Context(), store, run.ID(), time.Millisecond, func(news runs.News) error {
		told += len(news.Samples)
		if want := []int{0, 1, 3, 5}[written]; told != want {
			t.Errorf("after %d writes %d points were told, want %d: %+v", written, told, want, news.Samples)
		}
		if news.Run.Status.Ended() {
			return nil
		}
		if written == len(writes) {
			return run.Finish(t.Context(), tracker.Finished)
		}
		written++
		return run.LogBatch(t.Context(), writes[written-1])
	})
	if err != nil || told != 5 {
		t.Errorf("%d points, %v", told, err)
	}
}

func TestFollowEndsWithItsContextAndWithAnError(t *testing.T) {
	store := open(t)
	run, err := runs.Create(t.Context(), store, runs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if err := runs.Follow(ctx, store, run.ID(), time.Millisecond, func(runs.News) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	enough := errors.New("enough")
	if err := runs.Follow(t.Context(), store, run.ID(), time.Millisecond, func(runs.News) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("got %v", err)
	}
	if err := runs.Follow(t.Context(), store, "01k0z6v8mhk2t6gq6v0wz3n5tb", time.Millisecond, func(runs.News) error { return nil }); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestFollowSeesACrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paperlab.db")
	store := openAt(t, path)
	process := process(t, "hang", path)
	output, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	line := bufio.NewScanner(output)
	if !line.Scan() {
		t.Fatalf("the process ended by itself: %v", process.Wait())
	}
	killed := false
	var status tracker.Status
	err = runs.Follow(t.Context(), store, line.Text(), 10*time.Millisecond, func(news runs.News) error {
		status = news.Run.Status
		if !killed {
			killed = true
			if err := process.Process.Kill(); err != nil {
				return err
			}
			if err := process.Wait(); err == nil {
				t.Error("the process was not killed")
			}
		}
		return nil
	})
	if err != nil || status != tracker.Crashed {
		t.Errorf("ended %s, %v", status, err)
	}
}
