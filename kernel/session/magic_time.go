package session

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// inPlace returns a magic's argument where it stands in the cell, so that errors name its line and column.
func inPlace(step step, code string) string {
	return strings.Repeat("\n", step.line) + strings.Repeat(" ", step.col) + code
}

func timeLine(r *run, step step) ([]any, error) {
	if step.arg == "" {
		return nil, errors.New("%time: want code behind it; %%time takes the whole cell")
	}
	return r.timed(inPlace(step, step.arg))
}

func timeCell(r *run, step step) ([]any, error) {
	if step.arg != "" {
		return nil, fmt.Errorf("%%%%time %q: the code begins in the next line", step.arg)
	}
	return r.timed(step.body)
}

// timed runs code and prints how long it took, whether it failed or not.
func (r *run) timed(code string) ([]any, error) {
	cpu, start := cpuTime(), time.Now()
	values, err := r.code(code)
	wall := time.Since(start)
	r.print("CPU time: %s, wall time: %s", elapsed(cpuTime()-cpu), elapsed(wall))
	return values, err
}

// cpuTime is what the process has used of all processors, for itself and the system.
func cpuTime() time.Duration {
	var usage unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// elapsed is how long something took, as people read it.
func elapsed(d time.Duration) string {
	switch {
	case d >= time.Second:
		return d.Round(time.Millisecond).String()
	case d >= time.Millisecond:
		return d.Round(time.Microsecond).String()
	}
	return d.String()
}
