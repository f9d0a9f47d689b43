package runs_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"paperlab/tracker"
	"paperlab/tracker/runs"
	"paperlab/tracker/sqlite"
)

// fill plays a training on a disk that becomes full: it logs until it has been refused 20 times and prints the run's ID and how often
// it has logged. With the argument "limit" the disk is one on which no file may be larger than 1 MB; with "mount DIR" one of 8
// MB that it mounts there itself.
func fill(ctx context.Context, path string, args []string) error {
	switch args[0] {
	case "limit":
		limit := unix.Rlimit{Cur: 1_000_000, Max: unix.RLIM_INFINITY}
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
			return err
		}
	case "mount":
		if err := unix.Mount("none", args[1], "tmpfs", 0, "size=8m"); err != nil {
			return fmt.Errorf("mount: %w", err)
		}
		path = filepath.Join(args[1], "paperlab.db")
	}
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	run, err := runs.Start(ctx, store, runs.Options{Name: "fills", Warn: func(error) {}})
	if err != nil {
		return err
	}
	fmt.Println(run.ID())
	for step, refused := int64(0), 0; ; step++ {
		switch err := run.Text(ctx, "t", step, strings.Repeat("x", 4000)); {
		case errors.Is(err, runs.ErrSpooled):
			if refused++; refused == 20 {
				fmt.Println(step + 1)
				return makeRoom(ctx, run, path, args)
			}
		case err != nil:
			return err
		}
	}
}

// makeRoom ends the run on the disk that it filled, after there is room again where that can be had.
func makeRoom(ctx context.Context, run *runs.Run, path string, args []string) error {
	if args[0] == "limit" {
		return nil // the process ends with lines waiting
	}
	if err := unix.Mount("none", args[1], "tmpfs", unix.MS_REMOUNT, "size=32m"); err != nil {
		return err
	}
	if err := run.Finish(ctx, tracker.Finished); err != nil {
		return err
	}
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	texts, err := store.Texts(ctx, run.ID(), "t")
	fmt.Println(len(texts))
	return err
}

func TestAFullDiskLosesNothing(t *testing.T) {
	files := inOwnFolder(t)
	path := filepath.Join(t.TempDir(), "paperlab.db")
	printed, err := process(t, "fill", path, "limit").Output()
	if err != nil {
		t.Fatal(err)
	}
	var id string
	var logged int
	if _, err := fmt.Sscan(string(printed), &id, &logged); err != nil || len(files()) != 1 {
		t.Fatalf("%q, %v; spooled: %v", printed, err, files())
	}
	store := openAt(t, path)
	start(t, store, runs.Options{}) // the next start
	texts, err := store.Texts(t.Context(), id, "t")
	if err != nil || len(texts) != logged {
		t.Fatalf("%d texts, %v; %d were logged", len(texts), err, logged)
	}
	for i, text := range texts {
		if text.Step != int64(i) {
			t.Fatalf("text %d is of step %d", i, text.Step)
		}
	}
}

func TestAFullDiskThatHoldsTheSpoolTooLosesNothing(t *testing.T) {
	folder := t.TempDir()
	filler := process(t, "fill", "", "mount", folder)
	filler.Env = append(filler.Env, "XDG_STATE_HOME="+folder)
	filler.Stderr = nil
	filler.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	var stderr strings.Builder
	filler.Stderr = &stderr
	printed, err := filler.Output()
	if err != nil && (errors.Is(err, os.ErrPermission) || strings.Contains(stderr.String(), "mount:")) {
		t.Skipf("NOTHING WAS TESTED: no disk of its own: %v %s; allow user namespaces (kernel.unprivileged_userns_clone)", err, stderr.String())
	}
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	lines := bufio.NewScanner(strings.NewReader(string(printed)))
	var said []string
	for lines.Scan() {
		said = append(said, lines.Text())
	}
	if len(said) != 3 || said[1] != said[2] {
		t.Errorf("run, logged, found: %q", said)
	}
}
