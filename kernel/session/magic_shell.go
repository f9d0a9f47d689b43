package session

import (
	"errors"
	"fmt"
	"os/exec"
	"syscall"
	"time"
)

// shell runs a command in the shell. Its output is shown as it comes; an interrupt kills it with all that it has started.
func shell(r *run, step step) ([]any, error) {
	if step.arg == "" {
		return nil, nil
	}
	cmd := exec.CommandContext(r.ctx, "sh", "-c", step.arg)
	cmd.Stdout, cmd.Stderr = r.out.writer(stdout), r.out.writer(stderr)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	// A program that the command leaves in the background may keep its output open: that is not waited for.
	cmd.WaitDelay = 100 * time.Millisecond
	err := cmd.Run()
	if err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		return nil, fmt.Errorf("%s %s: %w", step.name, step.arg, err)
	}
	return nil, nil
}
