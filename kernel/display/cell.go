package display

import (
	"context"
	"errors"
)

// Cell is what a cell calls without importing anything.
type Cell struct {
	Display     func(v ...any) error       // see [Show]
	ClearOutput func(wait ...bool) error   // see [Clear]
	Input       func(prompt string) string // asks the reader for a line; panics with an error where nobody can be asked
}

// Bind makes a cell's functions from the context that it runs with.
func Bind(ctx context.Context) Cell {
	return Cell{
		Display:     func(v ...any) error { return Show(ctx, v...) },
		ClearOutput: func(wait ...bool) error { return Clear(ctx, len(wait) > 0 && wait[0]) },
		Input:       func(prompt string) string { return ask(ctx, prompt) },
	}
}

// Asker asks the reader of the notebook for a line of text, not shown while it is typed if it is a password. It returns early
// with the context's error when that is cancelled.
type Asker = func(ctx context.Context, prompt string, password bool) (string, error)

// ErrNoInput is what the asker of a context without one returns.
var ErrNoInput = errors.New("display: there is nobody to ask for input: the notebook runs without a front end, or with one that takes none")

type askerKey struct{}

// WithInput returns a context whose cells ask by this function.
func WithInput(ctx context.Context, ask Asker) context.Context {
	return context.WithValue(ctx, askerKey{}, ask)
}

// InputFrom returns how the context's cells ask, never nil: without a way it fails with [ErrNoInput].
func InputFrom(ctx context.Context) Asker {
	if ask, ok := ctx.Value(askerKey{}).(Asker); ok && ask != nil {
		return ask
	}
	return func(context.Context, string, bool) (string, error) { return "", ErrNoInput }
}

// ask panics as a cell's code may: the cell ends with the error, or as interrupted.
func ask(ctx context.Context, prompt string) string {
	line, err := InputFrom(ctx)(ctx, prompt, false)
	if err != nil {
		panic(err)
	}
	return line
}
