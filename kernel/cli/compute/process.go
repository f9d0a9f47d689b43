package compute

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"

	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"paperlab/kernel/capture"
	"paperlab/kernel/session"
)

// outlet takes what the process writes to its standard descriptors to a session.
type outlet struct {
	*capture.Capture
	session atomic.Pointer[session.Session] // nil until there is one
}

// newOutlet diverts the process's standard output and error, and its input to where there is none: a read of it would
// never end.
func newOutlet() (*outlet, error) {
	nothing, err := unix.Open(os.DevNull, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", os.DevNull, err)
	}
	if err := errors.Join(unix.Dup3(nothing, 0, 0), unix.Close(nothing)); err != nil {
		return nil, fmt.Errorf("close standard input: %w", err)
	}
	o := &outlet{}
	o.Capture, err = capture.Start(func(name string, data []byte) {
		if s := o.session.Load(); s != nil {
			s.Captured(name, data)
		}
	})
	return o, err
}

// watchParent calls gone when the process that started this one has ended, since a kernel whose server has crashed would
// run on forever. Jupyter says in JPY_PARENT_PID which process that is; without it there is nothing to watch. It returns
// when ctx is done.
func watchParent(ctx context.Context, every time.Duration, gone func()) {
	parent, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	if err != nil || parent <= 1 {
		return
	}
	direct := os.Getppid() == parent // not if a script starts the kernel
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		// A process that nobody waits for is there in name after its end, but has lost its children.
		if errors.Is(unix.Kill(parent, 0), unix.ESRCH) || direct && os.Getppid() != parent {
			gone()
			return
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}
