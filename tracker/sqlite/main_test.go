package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/sqlite"
	"paperlab/tracker/storetest"
)

// Tests with several processes start this test binary again with one of these roles.
var roles = map[string]func(ctx context.Context, store *sqlite.Store, args []string) error{
	"log": logAndAcknowledge,
	"read": func(ctx context.Context, store *sqlite.Store, args []string) error {
		return readOnly(ctx, store, args[0])
	},
	"one by one": func(ctx context.Context, store *sqlite.Store, args []string) error {
		count, err := strconv.Atoi(args[2])
		if err != nil {
			return err
		}
		return storetest.LogOneByOne(ctx, store, args[0], args[1], count)
	},
	"open": func(context.Context, *sqlite.Store, []string) error { return nil },
}

func TestMain(m *testing.M) {
	role, ok := roles[os.Getenv("TRACKER_TEST_ROLE")]
	if !ok {
		os.Exit(m.Run())
	}
	if err := play(role, os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func play(role func(context.Context, *sqlite.Store, []string) error, path string, args []string) error {
	ctx := context.Background()
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	if err := role(ctx, store, args); err != nil {
		return err
	}
	return store.Close()
}

// process is a command that plays a role on the database at path.
func process(t *testing.T, role, path string, args ...string) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), "/proc/self/exe", append([]string{path}, args...)...)
	command.Env = append(os.Environ(), "TRACKER_TEST_ROLE="+role)
	command.Stderr = os.Stderr
	return command
}

// logAndAcknowledge logs values 0, 1, 2 and so on to a series of a run, one call a value, and prints each value after it
// was logged: run ID, key, how many.
func logAndAcknowledge(ctx context.Context, store *sqlite.Store, args []string) error {
	count, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	for i := range count {
		if err := store.Log(ctx, args[0], sampleAt(args[1], i)); err != nil {
			return err
		}
		if _, err := fmt.Println(i); err != nil {
			return err
		}
	}
	return nil
}

func sampleAt(key string, step int) []tracker.Sample {
	samples := storetest.Samples(key, float64(step))
	samples[0].Step = int64(step)
	return samples
}

// acknowledged reads lines until the writer ends, and returns the last whole one as a number, -1 if there is none.
func acknowledged(lines *bufio.Scanner) (last int, err error) {
	last = -1
	for lines.Scan() {
		if last, err = strconv.Atoi(lines.Text()); err != nil {
			return last, err
		}
	}
	return last, lines.Err()
}

var clock = time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)
