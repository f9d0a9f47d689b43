package session

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"paperlab/kernel/display"
	"paperlab/kernel/interp"
)

// run is a cell that is being run.
type run struct {
	session *Session
	ctx     context.Context
	cell    Cell
	out     *output
}

// steps runs the magics at the head of the cell, and the code behind them. It returns the values of the last of these.
func (r *run) steps() (values []any, err error) {
	head, code := split(r.cell.Code, r.isGo)
	for _, step := range head {
		if r.ctx.Err() != nil {
			return nil, &interp.Interrupted{}
		}
		if values, err = r.magic(step); err != nil {
			return nil, err
		}
	}
	if strings.TrimSpace(code) == "" {
		return values, nil
	}
	return r.code(code)
}

// magic runs one magic. If it fails since it was interrupted, that is what it fails with.
func (r *run) magic(step step) ([]any, error) {
	m, ok := magics[step.name]
	if !ok {
		return nil, fmt.Errorf("there is no magic %s; there are %s", step.name, strings.Join(magicNames(), " "))
	}
	values, err := m.run(r, step)
	var interrupted *interp.Interrupted
	if err != nil && r.ctx.Err() != nil && !errors.As(err, &interrupted) {
		err = &interp.Interrupted{}
	}
	return values, err
}

// code runs Go code as part of the cell.
func (r *run) code(source string) (values []any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the interpreter itself failed, which is a bug in it: %v\n%s", p, debug.Stack())
		}
	}()
	io := interp.IO{Stdout: r.out.writer(stdout), Stderr: r.out.writer(stderr)}
	result, err := r.session.engine.Run(r.ctx, interp.Cell{Number: r.cell.Number, Source: source}, io)
	return result.Values, err
}

// draw draws the values of the cell's last expression. That may call methods of the notebook, which may take forever: an
// interrupt leaves them behind.
func (r *run) draw(values []any) (display.Bundle, error) {
	drawn := make(chan display.Bundle, 1)
	go func() {
		var bundle display.Bundle
		interp.Guard(r.ctx, interp.IO{Stdout: r.out.writer(stdout), Stderr: r.out.writer(stderr)}, func() {
			bundle, _ = display.Results(values)
		})
		drawn <- bundle
	}()
	select {
	case bundle := <-drawn:
		return bundle, nil
	case <-r.ctx.Done():
		return display.Bundle{}, &interp.Interrupted{Abandoned: "a method that draws the result goes on"}
	}
}

// print writes a line to the cell's standard output.
func (r *run) print(format string, args ...any) {
	fmt.Fprintf(r.out.writer(stdout), format+"\n", args...)
}
