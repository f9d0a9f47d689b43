package runs_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/postgres/pgtest"
	"paperlab/tracker/runs"
	"paperlab/tracker/sqlite"
)

// Tests with several processes start this test binary again with one of these roles.
var roles = map[string]func(ctx context.Context, path string, args []string) error{
	"hang": hang, "work": work, "talk": talk, "load": load, "log": logOne, "fill": fill, "refuse": refuse, "drain": drain,
}

func TestMain(m *testing.M) {
	role, ok := roles[os.Getenv("TRACKER_TEST_ROLE")]
	if !ok {
		os.Exit(testInFolder(m))
	}
	if err := role(context.Background(), os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// testInFolder runs the tests with a folder of their own for what is spooled.
func testInFolder(m *testing.M) int {
	folder, err := os.MkdirTemp("", "runs-test-")
	if err == nil {
		defer os.RemoveAll(folder)
		err = os.Setenv("XDG_STATE_HOME", folder)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return pgtest.Main(m)
}

// process is a command that plays a role on the database at path.
func process(t testing.TB, role, path string, args ...string) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), "/proc/self/exe", append([]string{path}, args...)...)
	command.Env = append(os.Environ(), "TRACKER_TEST_ROLE="+role)
	command.Stderr = os.Stderr
	return command
}

// hang plays a training that hangs: it starts a run, prints its ID and waits to be killed.
func hang(ctx context.Context, path string, _ []string) error {
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	run, err := runs.Start(ctx, store, runs.Options{Name: "hangs"})
	if err != nil {
		return err
	}
	if err := run.Log(ctx, 1, map[string]float64{"train/loss": 1}); err != nil {
		return err
	}
	fmt.Println(run.ID())
	select {}
}

// open opens a new database for the length of the test.
func open(t testing.TB) *sqlite.Store {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "paperlab.db"))
}

func openAt(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// start starts a run and ends it with the test, if the test does not.
func start(t testing.TB, store tracker.Store, options runs.Options) *runs.Run {
	t.Helper()
	run, err := runs.Start(t.Context(), store, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := run.Finish(context.Background(), tracker.Finished); err != nil {
			t.Error(err)
		}
	})
	return run
}

func get(t testing.TB, store tracker.Store, id string) runs.Summary {
	t.Helper()
	summary, err := runs.Get(t.Context(), store, id)
	if err != nil {
		t.Fatal(err)
	}
	return summary
}
