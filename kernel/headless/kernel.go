package headless

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Kernel runs the cells of one notebook.
type Kernel interface {
	// Execute runs a cell; number is its execution count. It is called for one cell at a time. Cancelling ctx interrupts
	// the cell; ctx itself goes on behind the cell's end, for the goroutines that the cell leaves. What these and the
	// cell put out goes to out. If the cell fails, the error is a *Failure.
	Execute(ctx context.Context, number int, source string, out *Outputs) error
}

// Failure is the error in which a cell ended, as a notebook keeps it.
type Failure struct {
	Name      string   // what kind of error: "panic"
	Value     string   // what it says
	Traceback []string // for people, with ANSI colors
	Cause     error    // what the kernel returned; may be nil
	// Left is closed when what an interrupted cell left running has ended. It is nil if that is nothing.
	Left <-chan struct{}
}

// Error is the failure without its traceback.
func (f *Failure) Error() string {
	if f.Name == "" {
		return f.Value
	}
	return f.Name + ": " + f.Value
}

// Unwrap gives the cause.
func (f *Failure) Unwrap() error { return f.Cause }

// CellError says that a cell failed and the notebook was not run further.
type CellError struct {
	Cell  int    // its place in the notebook, counted from 1
	Count int    // its execution count
	Line  string // the first line of its source
	Err   error
}

// Error names the cell by place, count and first line, and says the first line of its error.
func (e *CellError) Error() string {
	first, more, _ := strings.Cut(strings.TrimSpace(e.Err.Error()), "\n")
	if more != "" {
		first += fmt.Sprintf(", and %d lines more", 1+strings.Count(more, "\n"))
	}
	return fmt.Sprintf("cell %d, In[%d] %q: %s", e.Cell, e.Count, e.Line, first)
}

// Unwrap gives the error of the cell.
func (e *CellError) Unwrap() error { return e.Err }

// TimeoutError says that a cell was interrupted since it ran too long.
type TimeoutError struct {
	Limit time.Duration
}

// Error names the limit.
func (e *TimeoutError) Error() string {
	return fmt.Sprintf("the cell was interrupted: it ran longer than %v", e.Limit)
}
