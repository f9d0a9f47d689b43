package runs_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/runs"
	"paperlab/tracker/sqlite"
)

func TestARunEndsAsItsWorkDid(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	broken := errors.New("broken")
	for _, c := range []struct {
		name  string
		ctx   context.Context
		err   error
		want  tracker.Status
		error string
	}{
		{"well", t.Context(), nil, tracker.Finished, ""},
		{"well, as somebody stopped it", stopped, nil, tracker.Finished, ""},
		{"stopped", stopped, fmt.Errorf("epoch 3: %w", broken), tracker.Killed, ""},
		{"stopped elsewhere", t.Context(), fmt.Errorf("epoch 3: %w", context.Canceled), tracker.Killed, ""},
		{"with an error", t.Context(), broken, tracker.Failed, "broken"},
		{"too late", t.Context(), context.DeadlineExceeded, tracker.Failed, "context deadline exceeded"},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := open(t)
			run, err := runs.Start(t.Context(), store, runs.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := run.End(c.ctx, c.err); err != nil {
					t.Fatal(err)
				}
			}
			if r := get(t, store, run.ID()).Run; r.Status != c.want || r.Tags["error"] != c.error || r.Ended.IsZero() {
				t.Errorf("got %+v", r)
			}
		})
	}
}

func TestDoEndsItsRun(t *testing.T) {
	store := open(t)
	broken := errors.New("broken")
	err := runs.Do(t.Context(), store, runs.Options{Name: "fails"}, func(context.Context, *runs.Run) error { return broken })
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	func() {
		defer func() {
			if recover() != "no" {
				t.Error("the panic did not come through")
			}
		}()
		err = runs.Do(t.Context(), store, runs.Options{Name: "panics"}, func(context.Context, *runs.Run) error { panic("no") })
	}()
	for _, name := range []string{"fails", "panics"} {
		id, err := runs.Find(t.Context(), store, name)
		if err != nil {
			t.Fatal(err)
		}
		if r := get(t, store, id).Run; r.Status != tracker.Failed || r.Tags["error"] == "" {
			t.Errorf("%s: got %+v", name, r)
		}
	}
}

// work plays a program that logs until somebody stops it.
func work(ctx context.Context, path string, _ []string) error {
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	defer store.Close()
	err = runs.Do(ctx, store, runs.Options{}, func(ctx context.Context, run *runs.Run) error {
		fmt.Println(run.ID())
		for step := int64(0); ctx.Err() == nil; step++ {
			if err := run.Log(context.WithoutCancel(ctx), step, map[string]float64{"x": 1}); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func TestAProgramThatIsSignalledLeavesAKilledRun(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "paperlab.db")
			program := process(t, "work", path)
			output, err := program.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := program.Start(); err != nil {
				t.Fatal(err)
			}
			line := bufio.NewScanner(output)
			if !line.Scan() {
				t.Fatalf("it ended by itself: %v", program.Wait())
			}
			if err := program.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if err := program.Wait(); err != nil {
				t.Fatal(err)
			}
			if r := get(t, openAt(t, path), line.Text()).Run; r.Status != tracker.Killed {
				t.Errorf("the run is %s", r.Status)
			}
		})
	}
}
