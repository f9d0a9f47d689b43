package session

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"paperlab/kernel/interp"
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

// timeRepeated does as IPython's timeit: loops long enough to be measured, the best of several.
func timeRepeated(r *run, step step) ([]any, error) {
	if step.arg == "" {
		return nil, errors.New("%timeit: want code behind it")
	}
	const known, enough, rounds = 10 * time.Millisecond, 200 * time.Millisecond, 5
	loops := 1
	for {
		took, err := r.loop(step, loops)
		if err != nil {
			return nil, err
		}
		if took >= known {
			loops = max(1, int(float64(loops)*float64(enough)/float64(took)))
			break
		}
		loops *= 10
	}
	best, sum := time.Duration(math.MaxInt64), time.Duration(0)
	for range rounds {
		took, err := r.loop(step, loops)
		if err != nil {
			return nil, err
		}
		best, sum = min(best, took), sum+took
	}
	each := func(d time.Duration) string { return elapsed(d / time.Duration(loops)) }
	r.print("%s a loop, best of %d rounds of %d loops (mean %s)", each(best), rounds, loops, each(sum/rounds))
	return nil, nil
}

// loop runs code in a loop. An expression that is no statement is assigned to nothing.
func (r *run) loop(step step, loops int) (time.Duration, error) {
	var first error
	for _, form := range []string{"%s", "_ = %s"} {
		// What comes before the code must not move it: the loop opens in front of it if there is room, which "%timeit " gives.
		head, body := fmt.Sprintf("for range %d {", loops), fmt.Sprintf(form, step.arg)
		code := strings.Repeat("\n", step.line) + head + body + "}"
		start := time.Now()
		_, err := r.code(code)
		took := time.Since(start)
		var compile *interp.CompileError
		if err == nil || !errors.As(err, &compile) {
			return took, err
		}
		if first == nil {
			first = shift(compile, step, len(head))
		}
	}
	return 0, first
}

// shift corrects the columns of errors in code that has been moved from its place in the cell.
func shift(err *interp.CompileError, step step, moved int) error {
	shifted := &interp.CompileError{}
	for _, d := range err.Diagnostics {
		if d.Line == step.line+1 {
			d.Column, d.Text = max(1, d.Column-moved+step.col), ""
		}
		shifted.Diagnostics = append(shifted.Diagnostics, d)
	}
	return shifted
}
