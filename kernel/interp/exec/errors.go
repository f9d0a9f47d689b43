package exec

import (
	"errors"
	"fmt"
	"go/token"
	"runtime"
	"strings"
)

// ErrInterrupted says that the task's context was cancelled before the code was done.
var ErrInterrupted = errors.New("interrupted")

// errGoexit says that the goroutine ended itself by runtime.Goexit.
var errGoexit = errors.New("runtime.Goexit ended the cell")

// Exit says that the code called os.Exit, which ends the cell instead of the process.
type Exit struct {
	Code int
}

// Error tells the status.
func (e *Exit) Error() string { return fmt.Sprintf("os.Exit(%d)", e.Code) }

// Frame is a call on a panic's stack.
type Frame struct {
	Function string // as Go's traces name it, without the package: f, T.String, (*T).Set, f.func1
	Position token.Position

	panics bool // the innermost of the calls that a panic ended
}

// Panic is a panic that nothing recovered.
type Panic struct {
	Value  any
	Frames []Frame // calls of interpreted code, innermost first
}

// Error words the panic as the Go runtime does.
func (p *Panic) Error() string { return "panic: " + panicText(p.Value) }

// Unwrap gives the panic's value if that is an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// text is the panic with its trace.
func (p *Panic) text() string {
	var b strings.Builder
	b.WriteString(p.Error())
	for _, f := range p.Frames {
		fmt.Fprintf(&b, "\n\t%s:%d in %s", f.Position.Filename, f.Position.Line, f.Function)
	}
	return b.String()
}

// panicText prints a panic's value as the runtime would.
func panicText(value any) (text string) {
	defer func() {
		if recover() != nil { // a method of the value's type panics itself
			text = fmt.Sprintf("(%T)", value)
		}
	}()
	switch value := value.(type) {
	case error:
		return value.Error()
	case fmt.Stringer:
		return value.String()
	case string:
		return value
	}
	return fmt.Sprintf("%#v", value)
}

// runtimeError is an error that the Go runtime would raise.
type runtimeError string

func (e runtimeError) Error() string { return "runtime error: " + string(e) }
func (runtimeError) RuntimeError()   {}

// typeError is a failed type assertion.
type typeError string

func (e typeError) Error() string { return "interface conversion: " + string(e) }
func (typeError) RuntimeError()   {}

var _ = []runtime.Error{runtimeError(""), typeError("")}

// nilDereference panics as the use of a nil pointer does.
func nilDereference() {
	panic(runtimeError("invalid memory address or nil pointer dereference"))
}
