package launch

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// rank is one process.
type rank struct {
	number int
	cmd    *exec.Cmd
	errors string // the file in which it says what failed
	err    error  // of its end
	ended  bool
	first  bool // whether it failed before any other
}

func (job Job) prepare(number int) *rank {
	cmd := exec.Command(job.Command[0], job.Command[1:]...)
	cmd.Stdout, cmd.Stderr = job.Stdout, job.Stderr
	if number > 0 {
		cmd.Stdout, cmd.Stderr = nil, &prefixed{to: job.Stderr, prefix: "[rank " + strconv.Itoa(number) + "] "}
	}
	// A terminal's Ctrl-C comes to the ranks from here alone: a second one ends them at once.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	return &rank{number: number, cmd: cmd}
}

// interrupt tells those that still run to stop.
func interrupt(ranks []*rank) { signal(ranks, syscall.SIGTERM) }

func kill(ranks []*rank) { signal(ranks, syscall.SIGKILL) }

func signal(ranks []*rank, s syscall.Signal) {
	for _, r := range ranks {
		if !r.ended {
			// One that has ended meanwhile needs no signal.
			_ = r.cmd.Process.Signal(s)
		}
	}
}

// killed says whether a signal ended the rank.
func (r *rank) killed() bool {
	status, ok := r.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled()
}

// text is what the rank says of its failure; nothing where it failed because another had.
func (r *rank) text() string {
	said, err := os.ReadFile(r.errors)
	if err != nil { // it said nothing
		return ""
	}
	return strings.TrimPrefix(strings.TrimSpace(string(said)), "paperlab: ")
}

// blame orders failed ranks by how likely they are the cause.
func (r *rank) blame(ctx context.Context) int {
	switch {
	case r.killed() && r.first && ctx.Err() == nil:
		return 3
	case r.text() != "":
		return 2
	case r.first:
		return 1
	}
	return 0
}

// prefixed writes lines with something before each. It is one process's, whose output comes from one goroutine.
type prefixed struct {
	to     io.Writer
	prefix string
	line   []byte
}

func (p *prefixed) Write(data []byte) (int, error) {
	p.line = append(p.line, data...)
	for {
		end := bytes.IndexByte(p.line, '\n')
		if end < 0 {
			return len(data), nil
		}
		if _, err := io.WriteString(p.to, p.prefix+string(p.line[:end+1])); err != nil {
			return 0, err
		}
		p.line = p.line[end+1:]
	}
}
