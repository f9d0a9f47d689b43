package runs_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"syscall"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/runs"
	"paperlab/tracker/sqlite"
)

// logOne plays "paperlab log": it logs to a run at a step, and prints how that went.
func logOne(ctx context.Context, path string, args []string) error {
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	defer store.Close()
	run, err := runs.Attach(ctx, store, args[0])
	if err != nil {
		return err
	}
	step, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil {
		return err
	}
	err = run.Log(ctx, step, map[string]float64{"x": 1})
	fmt.Println(err == nil, errors.Is(err, runs.ErrSpooled), errors.Is(err, tracker.ErrReadOnly))
	return nil
}

// The processes run as another user where this one may write everything.
func TestWhatIsLoggedToAReadOnlyFileIsThereOnceItCanBeWritten(t *testing.T) {
	folder, err := os.MkdirTemp("", "runs-readonly-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	state := filepath.Join(folder, "state")
	database := filepath.Join(folder, "database")
	if err := errors.Join(os.Mkdir(state, 0o777), os.Chmod(state, 0o777), os.Chmod(folder, 0o755), os.Mkdir(database, 0o755)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(database, "paperlab.db")
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	run, err := runs.Create(t.Context(), store, runs.Options{})
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	chmod := func(file, folder os.FileMode) {
		t.Helper()
		if err := errors.Join(os.Chmod(path, file), os.Chmod(database, folder)); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(database, 0o755) })
	log := func(step int, want string) {
		t.Helper()
		logger := process(t, "log", path, run.ID(), fmt.Sprint(step))
		logger.Env = append(logger.Env, "XDG_STATE_HOME="+state)
		if os.Getuid() == 0 {
			logger.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		if said, err := logger.Output(); err != nil || string(said) != want {
			t.Errorf("step %d: got %q, %v; want %q", step, said, err, want)
		}
	}
	chmod(0o444, 0o555)
	log(1, "false true true\n")
	log(2, "false true true\n")
	chmod(0o666, 0o777)
	log(3, "true false false\n")
	if got := steps(t, openAt(t, path), run.ID(), "x"); !reflect.DeepEqual(got, []int64{1, 2, 3}) {
		t.Errorf("steps %v", got)
	}
}
