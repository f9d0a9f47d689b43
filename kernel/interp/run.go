package interp

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"time"

	"github.com/timandy/routine"

	"paperlab/kernel/interp/exec"
)

// How long an interrupted cell may take to stop before it is left in the background.
const (
	// patience is for compiled code that brings something to its end, such as saving a checkpoint.
	patience = time.Second
	// shortly is for a lock or a wait group: those whom the cell waits for are interrupted with it, and may let it go.
	shortly = 50 * time.Millisecond
)

// Run runs a cell and returns the values of its last expression. The names that it declares are known to later cells, also
// if it fails half way. Cancelling ctx, which is the cell's ctx, interrupts it.
//
// The error is a [*CompileError], a [*PanicError], an [*Interrupted], an [*exec.Exit] or, if the interpreter itself is at
// fault, another. A cell that panics inside a goroutine of its own does not fail; the panic is told on io.Stderr.
func (in *Interp) Run(ctx context.Context, cell Cell, io IO) (result Result, err error) {
	in.running.Lock()
	defer in.running.Unlock()
	pkg, err := in.load(cell)
	if err != nil {
		return Result{}, err
	}
	values := &shown{}
	ctx = context.WithValue(ctx, shownKey{}, values)
	err = call(ctx, pkg, cell.Number, exec.NewTask(ctx, io.Stdout, io.Stderr))
	if err != nil {
		return Result{}, err
	}
	return Result{Values: values.values}, nil
}

// load compiles a cell and makes its names live.
func (in *Interp) load(cell Cell) (pkg *exec.Package, err error) {
	defer rescue("compiling the cell", &err)
	unit, fresh, err := in.compile(cell)
	if err != nil {
		return nil, err
	}
	if pkg, err = in.machine.Load(unit.unit()); err != nil {
		return nil, err
	}
	in.names.declare(fresh.names, fresh.dots)
	return pkg, nil
}

// rescue makes a panic of ours an error.
func rescue(doing string, err *error) {
	if value := recover(); value != nil {
		*err = fmt.Errorf("%s: the interpreter failed, which is a fault of its own: %v", doing, value)
	}
}

// declarations are the names that a cell makes live.
type declarations struct {
	names map[string]binding
	dots  []*types.Package
}

// compile checks a cell and prepares it for the back end.
func (in *Interp) compile(cell Cell) (*lowered, declarations, error) {
	l, fresh, unchanged, err := in.compileWith(cell, true)
	if err == nil && !fresh.same(unchanged, in.names) {
		l, fresh, _, err = in.compileWith(cell, false)
	}
	return l, fresh, err
}

// compileWith compiles a cell. If keep is set, types that the cell declares as they are already are left out, and named.
func (in *Interp) compileWith(cell Cell, keep bool) (l *lowered, fresh declarations, unchanged []string, err error) {
	s, complaints := parse(token.NewFileSet(), cell)
	if len(complaints) > 0 {
		return nil, fresh, nil, &CompileError{complaints}
	}
	p := newProgram(s)
	changed, err := p.redeclare(in.names)
	if err != nil {
		return nil, fresh, nil, err
	}
	p.keep()
	if keep {
		unchanged = p.unchanged(in.names)
		p.drop(unchanged)
		changed = slices.DeleteFunc(changed, func(name string) bool { return slices.Contains(unchanged, name) })
	}
	if err := p.follow(changed, in.names); err != nil {
		return nil, fresh, nil, err
	}
	docs := p.docs()
	c := in.check(p)
	if len(p.d.list) > 0 {
		return nil, fresh, nil, &CompileError{p.d.sorted()}
	}
	l = in.lower(c)
	fresh.names = map[string]binding{}
	for name, object := range l.fresh {
		fresh.names[name] = binding{object: object, doc: docs[name], kept: p.kept[name]}
	}
	c.imported(&fresh)
	return l, fresh, unchanged, nil
}

// imported adds the names under which the cell imports packages.
func (c *checked) imported(fresh *declarations) {
	for _, spec := range c.imports() {
		object := c.info.Implicits[spec]
		if spec.Name != nil {
			object = c.info.Defs[spec.Name]
		}
		name, ok := object.(*types.PkgName)
		switch {
		case !ok || name.Name() == "_":
		case name.Name() == ".":
			fresh.dots = append(fresh.dots, name.Imported())
		default:
			fresh.names[name.Name()] = binding{object: types.NewPkgName(token.NoPos, nil, name.Name(), name.Imported())}
		}
	}
}

// unit is what the back end takes.
func (l *lowered) unit() exec.Unit {
	return exec.Unit{Fset: l.fset, Pkg: l.pkg, Files: []*ast.File{l.file}, Info: l.info}
}

// call runs the cell's function and waits until it is done, or until it does not stop when it should.
func call(ctx context.Context, pkg *exec.Package, number int, task *exec.Task) error {
	id := make(chan uint64, 1)
	done := make(chan struct{})
	var err error
	go func() {
		id <- routine.Goid()
		defer close(done)
		defer rescue("running the cell", &err)
		err = pkg.Call(task, fileName(number))
		task.Flush()
	}()
	goroutine := <-id
	select {
	case <-done:
		return failure(err)
	case <-ctx.Done():
	}
	if !ends(done, shortly) && (waitsForLock(goroutine) || !ends(done, patience-shortly)) {
		return &Interrupted{Abandoned: parked(goroutine), Done: done}
	}
	return failure(err)
}

// ends says whether done is closed within a time.
func ends(done <-chan struct{}, within time.Duration) bool {
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}

// failure words the back end's error as that of a cell.
func failure(err error) error {
	var panicked *exec.Panic
	switch {
	case err == nil:
		return nil
	case errors.Is(err, exec.ErrInterrupted):
		return &Interrupted{}
	case errors.As(err, &panicked):
		e := &PanicError{Value: panicked.Value}
		for _, f := range panicked.Frames {
			cell, ok := cellNumber(f.Position)
			if ok && cell == 0 { // the prelude's
				continue
			}
			e.Frames = append(e.Frames, Frame{f.Function, cell, f.Position.Line, f.Position.Column})
		}
		return e
	}
	return err
}
