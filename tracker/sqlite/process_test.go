package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/storetest"
)

// Half of the writers are processes of their own. None may see a lock as an error, and every reader is served meanwhile.
func TestManyWritersOfOneFileAreAllServedInOrder(t *testing.T) {
	const processes, goroutines = 8, 8
	count := storetest.Full(100, 10_000)
	path := filepath.Join(t.TempDir(), "paperlab.db")
	store := open(t, path)
	run := storetest.Create(t, store, "shared")
	var group sync.WaitGroup
	for p := range processes {
		group.Go(func() {
			if err := process(t, "one by one", path, run.ID, fmt.Sprint("process/", p), fmt.Sprint(count)).Run(); err != nil {
				t.Errorf("process %d: %v", p, err)
			}
		})
	}
	for g := range goroutines {
		group.Go(func() {
			if err := storetest.LogOneByOne(t.Context(), store, run.ID, fmt.Sprint("goroutine/", g), count); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	storetest.Ordered(t, store, run.ID, processes+goroutines, count)
}

func TestNewFileIsMigratedOnceByProcessesThatRaceForIt(t *testing.T) {
	for range 3 {
		path := filepath.Join(t.TempDir(), "paperlab.db")
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				if err := process(t, "read", path, "create").Run(); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if runs, err := open(t, path).Runs(t.Context(), tracker.RunFilter{}); err != nil || len(runs) != 4 {
			t.Errorf("got %d runs, %v", len(runs), err)
		}
	}
}

// TestWhatWasAcknowledgedSurvivesKill kills a writer at random moments.
func TestWhatWasAcknowledgedSurvivesKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paperlab.db")
	store := open(t, path)
	run := storetest.Create(t, store, "killed")
	random := rand.New(rand.NewPCG(1, 2))
	for round := range storetest.Full(8, 200) {
		key := fmt.Sprint("round/", round)
		last := killAfter(t, process(t, "log", path, run.ID, key, "1000000"), random.IntN(200))
		points, err := store.Points(t.Context(), run.ID, key, "")
		if err != nil {
			t.Fatal(err)
		}
		// One more than acknowledged may be there: the kill came between writing it and saying so.
		if len(points) != last+1 && len(points) != last+2 {
			t.Errorf("round %d: %d were acknowledged, %d are there", round, last+1, len(points))
		}
		for i, p := range points {
			if p.Step != int64(i) || p.Value != float64(i) {
				t.Fatalf("round %d: point %d is %+v", round, i, p)
			}
		}
	}
	if findings, err := store.Check(t.Context()); err != nil || len(findings) != 0 {
		t.Errorf("got %q, %v", findings, err)
	}
}

// killAfter starts a writer, kills it once it has acknowledged that many values, and returns the last value that it had
// acknowledged until it was gone.
func killAfter(t *testing.T, writer *exec.Cmd, count int) (last int) {
	t.Helper()
	pipe, err := writer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(pipe)
	for range count + 1 {
		if !lines.Scan() {
			t.Fatalf("the writer ended by itself: %v", writer.Wait())
		}
	}
	if err := writer.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if last, err = acknowledged(lines); err != nil {
		t.Fatal(err)
	}
	if err := writer.Wait(); err == nil {
		t.Fatal("the writer ended before it was killed")
	}
	return max(last, count)
}

func TestArtifactsLieBesideTheFileOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b%20?.db")
	store := open(t, path)
	run := storetest.Create(t, store, "artifacts")
	for _, name := range []string{"a", "b"} {
		content, err := os.Open("store.go")
		if err != nil {
			t.Fatal(err)
		}
		defer content.Close()
		if _, err := store.SaveArtifact(context.Background(), run.ID, name, clock, content); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "a b%20[?].db.artifacts", "*", "*"))
	if err != nil || len(files) != 1 {
		t.Errorf("got %v, %v", files, err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*", "incoming-*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
