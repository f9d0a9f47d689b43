package runs_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/postgres/pgtest"
	"paperlab/tracker/runs"
)

const loadBatch = 50

// load plays a program that logs from five goroutines as fast as it can: it prints its run's ID, and then, after each call, which it was.
func load(ctx context.Context, address string, _ []string) error {
	store, err := runs.Open(ctx, address)
	if err != nil {
		return err
	}
	run, err := runs.Start(ctx, store, runs.Options{Name: "load"})
	if err != nil {
		return err
	}
	fmt.Println(run.ID())
	calls := map[string]func(n int64) error{
		"one":   func(n int64) error { return run.Log(ctx, n, map[string]float64{"one": float64(n)}) },
		"other": func(n int64) error { return run.Log(ctx, n, map[string]float64{"other": float64(n), "third": 1}) },
		"batch": func(n int64) error {
			samples := make([]tracker.Sample, loadBatch)
			for i := range samples {
				samples[i] = tracker.Sample{Key: "batch", Point: tracker.Point{Step: n*loadBatch + int64(i)}}
			}
			return run.LogBatch(ctx, samples)
		},
		"text":  func(n int64) error { return run.Text(ctx, "text", n, strings.Repeat("summary ", 100)) },
		"table": func(n int64) error { return run.Table(ctx, "table", n, []string{"n"}, [][]any{{n}}) },
	}
	failed := make(chan error)
	for name, call := range calls {
		go func() {
			for n := int64(0); ; n++ {
				if err := call(n); err != nil {
					failed <- err
					return
				}
				os.Stdout.WriteString(name + " " + strconv.FormatInt(n, 10) + "\n") // in one write, so that lines stay whole
			}
		}()
	}
	return <-failed
}

// TestWhatWasAcknowledgedIsThereAfterAKill kills a program under load at random moments.
func TestWhatWasAcknowledgedIsThereAfterAKill(t *testing.T) {
	for name, address := range map[string]func(t *testing.T) string{
		"SQLite":     func(t *testing.T) string { return filepath.Join(t.TempDir(), "paperlab.db") },
		"PostgreSQL": func(t *testing.T) string { return pgtest.Database(t) },
	} {
		t.Run(name, func(t *testing.T) {
			files := inOwnFolder(t)
			rounds, perDatabase := 20, 20
			if os.Getenv("PAPERLAB_SOAK") != "" {
				rounds = 200
			}
			random := rand.New(rand.NewPCG(11, 12))
			acknowledged := 0
			for done := 0; done < rounds; done += perDatabase {
				acknowledged += killRounds(t, address(t), perDatabase, random)
			}
			t.Logf("%d kills, %d calls acknowledged before them, all of them found", rounds, acknowledged)
			if left := files(); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// killRounds kills so many programs that log to one database, and returns how many calls they had acknowledged.
func killRounds(t *testing.T, address string, rounds int, random *rand.Rand) (acknowledged int) {
	t.Helper()
	store, err := runs.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for range rounds {
		id, last := killUnderLoad(t, process(t, "load", address), random.IntN(400))
		if r := get(t, store, id).Run; r.Status != tracker.Crashed {
			t.Errorf("the killed program's run is %s", r.Status)
		}
		for name, n := range last {
			acknowledged += n + 1
			found := numbers(t, store, id, name)
			// One call more than acknowledged may be there: the kill came between its end and its word.
			if calls := len(found); calls != n+1 && calls != n+2 {
				t.Errorf("%s: %d calls were acknowledged, %d are there", name, n+1, calls)
			}
			for i, number := range found {
				if number != int64(i) {
					t.Fatalf("%s: number %d is %d", name, i, number)
				}
			}
		}
		if wrong, err := store.Check(t.Context()); err != nil || len(wrong) > 0 {
			t.Errorf("check: %v, %v", wrong, err)
		}
	}
	start(t, store, runs.Options{}).Finish(t.Context(), tracker.Finished) // takes away what the killed ones have left
	return acknowledged
}

// killUnderLoad kills a program after so many calls, and returns its run and of each kind of calls the last that it had
// acknowledged.
func killUnderLoad(t *testing.T, program *exec.Cmd, calls int) (id string, last map[string]int) {
	t.Helper()
	pipe, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	last = map[string]int{}
	var once sync.Once
	lines := bufio.NewScanner(pipe)
	for lines.Scan() {
		if name, n, ok := strings.Cut(lines.Text(), " "); ok {
			if last[name], err = strconv.Atoi(n); err != nil {
				t.Fatal(err)
			}
		} else {
			id = lines.Text()
		}
		if calls--; calls < 0 {
			once.Do(func() { err = program.Process.Kill() })
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Wait(); err == nil || id == "" {
		t.Fatalf("the program ended by itself: %v", err)
	}
	return id, last
}

// numbers are those of the calls of one kind that are in the store, in its order.
func numbers(t *testing.T, store tracker.Store, id, name string) (found []int64) {
	t.Helper()
	switch name {
	case "text":
		texts, err := store.Texts(t.Context(), id, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			found = append(found, text.Step)
		}
	case "table":
		tables, err := store.Tables(t.Context(), id, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range tables {
			found = append(found, table.Step)
		}
	case "batch":
		points := steps(t, store, id, name)
		if len(points)%loadBatch != 0 {
			t.Errorf("%d points: a batch is there in part", len(points))
		}
		for i, step := range points {
			if step != int64(i) {
				t.Fatalf("batch: point %d has step %d", i, step)
			}
			if i%loadBatch == loadBatch-1 {
				found = append(found, int64(i/loadBatch))
			}
		}
	default:
		found = steps(t, store, id, name)
	}
	return found
}
