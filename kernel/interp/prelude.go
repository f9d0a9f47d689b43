package interp

import (
	"context"
	"fmt"
	"io"
)

// prelude declares, in Go, what every cell can use beside the predeclared values. raise is known to it alone.
const prelude = `
// must returns v, or ends the cell with err if that is not nil: data := must(os.ReadFile("notes.txt")).
func must[T any](v T, err error) T {
	if err != nil {
		raise(err)
	}
	return v
}

// check ends the cell with err if that is not nil.
func check(err error) {
	if err != nil {
		raise(err)
	}
}
`

// Failure is the panic by which must and check end a cell.
type Failure struct {
	Err error
}

// Error is the error's own text.
func (f *Failure) Error() string { return f.Err.Error() }

// Unwrap gives the error.
func (f *Failure) Unwrap() error { return f.Err }

// raise is what the prelude calls.
func raise(err error) { panic(&Failure{err}) }

// addPrelude makes what the prelude declares known to all cells.
func (in *Interp) addPrelude() error {
	option := Predeclare("raise", func(context.Context) func(error) { return raise })
	if err := option(in); err != nil {
		return err
	}
	if _, err := in.Run(context.Background(), Cell{Source: prelude}, IO{io.Discard, io.Discard}); err != nil {
		return fmt.Errorf("the prelude of all cells: %w", err)
	}
	in.names.settle()
	delete(in.names.predeclared, "raise")
	return nil
}
