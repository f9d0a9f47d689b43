package session

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"paperlab/kernel/interp"
)

func timeLineRepeated(r *run, step step) ([]any, error) {
	if step.arg == "" {
		return nil, errors.New("%timeit: want code behind it; %%timeit takes the whole cell")
	}
	return nil, r.repeat(func(loops int) (time.Duration, error) { return r.loopLine(step, loops) })
}

func timeCellRepeated(r *run, step step) ([]any, error) {
	if step.arg != "" {
		return nil, fmt.Errorf("%%%%timeit %q: the code begins in the next line", step.arg)
	}
	return nil, r.repeat(func(loops int) (time.Duration, error) {
		// The loop opens in the magic's own line, so that errors name the right ones.
		start := time.Now()
		_, err := r.code(strings.Repeat("\n", step.line) + head(loops) + step.body[step.line:] + "\n}")
		return time.Since(start), err
	})
}

// repeat does as IPython's timeit: loops long enough to be measured, the best of several.
func (r *run) repeat(loop func(loops int) (time.Duration, error)) error {
	const known, enough, rounds = 10 * time.Millisecond, 200 * time.Millisecond, 5
	loops := 1
	for {
		took, err := loop(loops)
		if err != nil {
			return err
		}
		if took >= known {
			loops = max(1, int(float64(loops)*float64(enough)/float64(took)))
			break
		}
		loops *= 10
	}
	best, sum := time.Duration(math.MaxInt64), time.Duration(0)
	for range rounds {
		took, err := loop(loops)
		if err != nil {
			return err
		}
		best, sum = min(best, took), sum+took
	}
	each := func(d time.Duration) string { return elapsed(d / time.Duration(loops)) }
	r.print("%s a loop, best of %d rounds of %d loops (mean %s)", each(best), rounds, loops, each(sum/rounds))
	return nil
}

func head(loops int) string { return fmt.Sprintf("for range %d {", loops) }

// loopLine runs a line of code in a loop. An expression that is no statement is assigned to nothing.
func (r *run) loopLine(step step, loops int) (time.Duration, error) {
	var first error
	for _, form := range []string{"%s", "_ = %s"} {
		code := strings.Repeat("\n", step.line) + head(loops) + fmt.Sprintf(form, step.arg) + "}"
		start := time.Now()
		_, err := r.code(code)
		took := time.Since(start)
		var compile *interp.CompileError
		if err == nil || !errors.As(err, &compile) {
			return took, err
		}
		if first == nil {
			first = moved(compile, step, len(head(loops)))
		}
	}
	return 0, first
}

// moved corrects the columns of errors in a line that stands behind the head of a loop.
func moved(err *interp.CompileError, step step, by int) error {
	corrected := &interp.CompileError{}
	for _, d := range err.Diagnostics {
		if d.Line == step.line+1 {
			d.Column, d.Text = max(1, d.Column-by+step.col), ""
		}
		corrected.Diagnostics = append(corrected.Diagnostics, d)
	}
	return corrected
}
