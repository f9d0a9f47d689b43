package interp

import (
	"fmt"
	"io"
	"strings"
)

// Cell is the Go source of one notebook cell.
type Cell struct {
	Number int    // execution count, for positions: errors name In[Number]
	Source string // Go, without the kernel's own commands such as %cd
}

// IO is where a cell's code writes. It belongs to the cell for as long as goroutines that the cell started live, which
// may be longer than its Run. The writers are called from several goroutines at once.
type IO struct {
	Stdout, Stderr io.Writer
}

// Result is what a cell yields.
type Result struct {
	Values []any // of the cell's last expression; empty if the cell ends in a statement
}

// Diagnostic is one complaint of the parser or the type checker about a cell.
type Diagnostic struct {
	Cell, Line, Column int    // 1-based; the column counts bytes
	Message            string // as Go's own tools word it
	Text               string // the line of the cell, for quoting
}

// CompileError says that a cell was not run since it is not Go. Nothing of it took effect.
type CompileError struct {
	Diagnostics []Diagnostic // at least one, in the order of the source
}

// Error lists the diagnostics, a line each.
func (e *CompileError) Error() string {
	lines := make([]string, len(e.Diagnostics))
	for i, d := range e.Diagnostics {
		lines[i] = fmt.Sprintf("In[%d]:%d:%d: %s", d.Cell, d.Line, d.Column, d.Message)
	}
	return strings.Join(lines, "\n")
}

// Frame is a call in a panic's trace, innermost first. Only calls of notebook code are kept.
type Frame struct {
	Function           string
	Cell, Line, Column int
}

// PanicError is a panic that the cell's code did not recover.
type PanicError struct {
	Value  any     // what was passed to panic, or a runtime.Error
	Frames []Frame // empty if no notebook code was on the stack
}

// Error words the panic as Go's runtime does, with the place in the notebook where it arose. That of a [*Failure] is worded
// as the error that it is.
func (e *PanicError) Error() string {
	text := fmt.Sprintf("panic: %v", e.Value)
	if f, ok := e.Value.(*Failure); ok {
		text = f.Error()
	}
	if len(e.Frames) > 0 {
		text += fmt.Sprintf("\n\tIn[%d]:%d", e.Frames[0].Cell, e.Frames[0].Line)
	}
	return text
}

// Unwrap gives the panic's value if that is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Interrupted says that the cell's context was cancelled before the cell was done. Its variables keep what they held.
type Interrupted struct {
	// Abandoned, if not empty, says where the cell's goroutine is parked (a lock, a C call): it goes on in the background
	// and stops at its next check.
	Abandoned string
	// Done is closed when an abandoned goroutine has ended. It is nil if the cell ended by itself.
	Done <-chan struct{}
}

// Error says that the cell was interrupted.
func (e *Interrupted) Error() string {
	if e.Abandoned == "" {
		return "interrupted"
	}
	return "interrupted; " + e.Abandoned + ", and was left in the background"
}

// Completion is what may stand at the cursor.
type Completion struct {
	Start, End int // bytes of the source that a match replaces
	Matches    []Match
}

// Match is one way to go on.
type Match struct {
	Text string // what stands between Start and End afterwards
	Kind string // function, variable, constant, type, package, field, method, keyword
	Type string // its type or signature
}

// Inspection is what is known of the name at the cursor.
type Inspection struct {
	Declaration string // Go: func Println(a ...any) (n int, err error)
	Package     string // import path; empty for the notebook's own names
	Doc         string // its doc comment, plain text
	Value       string // of a live variable, shortened
}

// Completeness says whether a source may be run as it is.
type Completeness string

// What [IsComplete] answers; the words are the Jupyter protocol's.
const (
	Complete   Completeness = "complete"
	Incomplete Completeness = "incomplete"
	Invalid    Completeness = "invalid"
)

// Name is a live name of the notebook.
type Name struct {
	Name, Kind, Type, Value string
}
