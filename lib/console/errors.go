package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The exit codes of the command.
const (
	Done   = 0
	Failed = 1
	Misuse = 2
)

// Exit returns the exit code for what a command returned: Done for nil, Misuse for an error that [Usage] marked or
// that has a method Usage() bool which returns true, else Failed. An interrupt is Failed.
func Exit(err error) int {
	var misuse interface{ Usage() bool }
	switch {
	case err == nil:
		return Done
	case errors.As(err, &misuse) && misuse.Usage():
		return Misuse
	}
	return Failed
}

// Usage marks err as misuse of the command: wrong flags or arguments. Nil stays nil.
func Usage(err error) error {
	if err == nil {
		return nil
	}
	return usageError{err}
}

type usageError struct{ error }

func (e usageError) Usage() bool   { return true }
func (e usageError) Unwrap() error { return e.error }

// Hint adds to err what the reader can do about it, which [Report] shows in brackets. Nil stays nil.
func Hint(err error, hint string) error {
	if err == nil {
		return nil
	}
	return hintError{err, hint}
}

type hintError struct {
	error
	hint string
}

func (e hintError) Hint() string  { return e.hint }
func (e hintError) Unwrap() error { return e.error }

// Report writes err as one line: "paperlab: what failed: why (hint)". The hint is that of the outermost error in the
// chain with a method Hint() string. A cancelled context reads "interrupted". Nil writes nothing. The line goes to a launcher in
// place of w where there is one ([ErrorFileVariable]), and to torchrun as well.
func Report(w io.Writer, err error) {
	if err == nil {
		return
	}
	message := err.Error()
	if errors.Is(err, context.Canceled) {
		message = strings.ReplaceAll(message, context.Canceled.Error(), "interrupted")
	}
	line := "paperlab: " + message
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) && hinted.Hint() != "" {
		line += " (" + hinted.Hint() + ")"
	}
	line = oneLine(line)
	if tellLauncher(line, err) {
		return
	}
	// Standard error is the last resort: if it cannot be written there is nobody left to tell.
	_, _ = fmt.Fprintln(w, line)
}
