package tracker

import "errors"

// Why an operation of a store failed. Test for them with errors.Is; what went wrong with what is in the [Error] around
// them.
var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("exists already")
	ErrInvalid  = errors.New("invalid")
	ErrRunning  = errors.New("still running")
	ErrEnded    = errors.New("ended already")
	ErrReadOnly = errors.New("read-only")
	ErrFull     = errors.New("no space left")
	ErrBusy     = errors.New("locked by another process")
	ErrCorrupt  = errors.New("damaged")
	ErrNewer    = errors.New("written by a newer version")
)

// Error says what failed, on what, why, and what to do about it. It is not changed after it was made.
type Error struct {
	Op     string // what failed, such as "log to run"
	On     string // on what: a run's ID, a file's path; may be empty
	Err    error  // why
	Advice string // what to do; may be empty
}

// Error gives "what failed on what: why". The advice is left to [Error.Hint], so that a caller can set it apart.
func (e *Error) Error() string {
	if e.On == "" {
		return e.Op + ": " + e.Err.Error()
	}
	return e.Op + " " + e.On + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Hint says what the reader can do about it, or nothing.
func (e *Error) Hint() string { return e.Advice }
