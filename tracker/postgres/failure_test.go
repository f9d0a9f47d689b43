package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"paperlab/tracker"
	"paperlab/tracker/postgres"
	"paperlab/tracker/postgres/pgtest"
	"paperlab/tracker/storetest"
)

func createRun(t testing.TB, store tracker.Store) (id string) {
	t.Helper()
	return storetest.Create(t, store, "run").ID
}

// terminate ends all connections of a schema's store, as a server that is restarted does.
func terminate(t testing.TB, application string) {
	t.Helper()
	pgtest.Do(t, "postgres", "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = '"+application+"'")
}

func TestNextCallConnectsAgain(t *testing.T) {
	store := open(t, newSchema(t)+"&application_name=again&pool_max_conns=3")
	run := createRun(t, store)
	// Several connections, all of them lost.
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			if _, err := store.Run(t.Context(), run); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	terminate(t, "again")
	if err := store.Log(t.Context(), run, storetest.Samples("x", 1)); err != nil {
		t.Errorf("writing: %v", err)
	}
	terminate(t, "again")
	if points, err := store.Points(t.Context(), run, "x", ""); err != nil || len(points) != 1 {
		t.Errorf("reading: got %v, %v", points, err)
	}
}

func TestConnectionLostInTheMiddleWritesNothingAndSaysSo(t *testing.T) {
	store := open(t, newSchema(t)+"&application_name=middle")
	run := createRun(t, store)
	_, err := store.UpdateRun(t.Context(), run, func(r *tracker.Run) error {
		r.Name = "half"
		terminate(t, "middle")
		return nil
	})
	var full *tracker.Error
	if !errors.As(err, &full) || full.Hint() == "" {
		t.Errorf("got %v", err)
	}
	if got, err := store.Run(t.Context(), run); err != nil || got.Name != "run" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestServerThatIsReadOnlyIsReadAndSaysWhyItIsNotWritten(t *testing.T) {
	address := newSchema(t)
	run := createRun(t, open(t, address))
	store := open(t, address+"&default_transaction_read_only=on")
	if _, err := store.Run(t.Context(), run); err != nil {
		t.Error(err)
	}
	err := store.Log(t.Context(), run, storetest.Samples("x", 1))
	var full *tracker.Error
	if !errors.Is(err, tracker.ErrReadOnly) || !errors.As(err, &full) || full.Hint() == "" {
		t.Errorf("got %v", err)
	}
}

func TestProcessesThatOpenANewDatabaseTogetherAllSucceed(t *testing.T) {
	address := newSchema(t)
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			store, err := postgres.Open(t.Context(), address)
			if err != nil {
				t.Error(err)
				return
			}
			defer store.Close()
			createRun(t, store)
		})
	}
	group.Wait()
	if runs, err := open(t, address).Runs(t.Context(), tracker.RunFilter{}); err != nil || len(runs) != 6 {
		t.Errorf("got %d runs, %v", len(runs), err)
	}
}

// Half of the writers are processes of their own.
func TestManyWritersAreAllServedInOrder(t *testing.T) {
	const processes, goroutines = 8, 8
	count := storetest.Full(50, 10_000)
	address := newSchema(t)
	store := open(t, address)
	run := createRun(t, store)
	var group sync.WaitGroup
	for p := range processes {
		group.Go(func() {
			writer := exec.CommandContext(t.Context(), "/proc/self/exe", address, run, fmt.Sprint("process/", p), fmt.Sprint(count))
			writer.Env = append(os.Environ(), "TRACKER_TEST_ROLE=log")
			if output, err := writer.CombinedOutput(); err != nil {
				t.Errorf("process %d: %v: %s", p, err, output)
			}
		})
	}
	for g := range goroutines {
		group.Go(func() {
			if err := storetest.LogOneByOne(t.Context(), store, run, fmt.Sprint("goroutine/", g), count); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	storetest.Ordered(t, store, run, processes+goroutines, count)
}

// TestWritersOfOneRunNeverDeadlock names the series in another order in each writer, while others update the run, rename
// its project and save contents.
func TestWritersOfOneRunNeverDeadlock(t *testing.T) {
	const writers, calls = 8, 30
	store := open(t, newSchema(t)+"&pool_max_conns=20")
	run := createRun(t, store)
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for i := range calls {
				var samples []tracker.Sample
				for k := range 5 {
					samples = append(samples, storetest.Samples(fmt.Sprint("key/", (k*(w+1)+i)%5), float64(i))...)
				}
				if err := store.Log(t.Context(), run, samples); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Go(func() {
		for i := range calls {
			_, errRun := store.UpdateRun(t.Context(), run, func(r *tracker.Run) error { r.Notes = fmt.Sprint(i); return nil })
			_, errProject := store.UpdateProject(t.Context(), fmt.Sprint("default", strings.Repeat("'", i)), func(p *tracker.Project) error { p.Name += "'"; return nil })
			_, errSave := store.SaveArtifact(t.Context(), run, "a", clock, strings.NewReader("same"))
			if err := errors.Join(errRun, errProject, errSave); err != nil {
				t.Error(err)
			}
		}
	})
	group.Wait()
	var total int64
	series, err := store.Series(t.Context(), run)
	for _, s := range series {
		total += s.Count
	}
	if err != nil || total != writers*calls*5 {
		t.Errorf("got %d points, %v", total, err)
	}
	if deadlocks := query[int64](t, "SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'"); deadlocks != 0 {
		t.Errorf("PostgreSQL had to end %d deadlocks", deadlocks)
	}
	if findings, err := store.Check(t.Context()); err != nil || len(findings) != 0 {
		t.Errorf("got %v, %v", findings, err)
	}
}

// query asks the server itself.
func query[T any](t testing.TB, statement string) (value T) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, pgtest.Address(t, "postgres", "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if err := conn.QueryRow(ctx, statement).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}
