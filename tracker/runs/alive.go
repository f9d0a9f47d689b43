package runs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"paperlab/tracker"
)

const (
	beat = 10 * time.Second
	// A process that cannot be looked at, being on another machine or in another container, is taken for dead after this
	// long without a heartbeat.
	silence = time.Minute
)

// every calls do at each interval until rest is called, which waits for the last call.
func every(interval time.Duration, do func(ctx context.Context)) (rest func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var heart sync.WaitGroup
	heart.Go(func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				do(ctx)
			}
		}
	})
	return func() {
		cancel()
		heart.Wait()
	}
}

// crashed reports whether the run should be running and its owner is gone.
func crashed(run *tracker.Run, now time.Time) bool {
	if run.Status != tracker.Running || run.Owner == nil {
		return false
	}
	switch look(run.Owner) {
	case alive:
		return false
	case dead:
		return true
	}
	return now.Sub(run.Heartbeat) > silence
}

type sign int

const (
	unknown sign = iota
	alive
	dead
)

// look finds out about a process. It knows only those of its own boot and PID namespace.
func look(owner *tracker.Owner) sign {
	here, err := boot()
	if err != nil || here != owner.Boot {
		return unknown
	}
	born, err := bornAt(owner.PID)
	switch {
	case err == nil && born == owner.Born:
		return alive
	case err == nil, errors.Is(err, errDefunct):
		return dead
	case errors.Is(syscall.Kill(owner.PID, 0), syscall.ESRCH):
		return dead // and not merely hidden, as /proc can be from other users
	}
	return unknown
}

// self is this process as the owner of a run.
func self() (*tracker.Owner, error) {
	where, err := boot()
	if err != nil {
		return nil, err
	}
	born, err := bornAt(os.Getpid())
	if err != nil {
		return nil, err
	}
	return &tracker.Owner{PID: os.Getpid(), Born: born, Boot: where}, nil
}

// boot names the space in which process IDs mean something: this boot of the kernel, this PID namespace.
func boot() (string, error) {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "", err
	}
	namespace, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(id)) + " " + namespace, nil
}

var errDefunct = errors.New("process has ended")

// bornAt returns when a process started, in clock ticks after boot. The format is that of proc(5), /proc/PID/stat: the
// name in parentheses may hold anything, field 3 after it is the state, field 22 the start.
func bornAt(pid int) (uint64, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(stat[strings.LastIndexByte(string(stat), ')')+1:]), " ")
	fields := strings.Fields(rest)
	if len(fields) < 20 {
		return 0, fmt.Errorf("read /proc/%d/stat: %d fields after the name, want 20", pid, len(fields))
	}
	if fields[0] == "Z" || fields[0] == "X" {
		return 0, errDefunct
	}
	return strconv.ParseUint(fields[19], 10, 64)
}
