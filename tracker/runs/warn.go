package runs

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"paperlab/tracker"
)

// warnings tells each kind of trouble once.
type warnings struct {
	tell func(error) // nil: a line on standard error

	mu   sync.Mutex
	said map[string]bool
}

// Warn tells of what went wrong with the record of a run that goes on nevertheless, as [Options] say; nil is nothing to tell.
func (r *Run) Warn(err error) {
	if err == nil {
		return
	}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range several.Unwrap() {
			r.Warn(err)
		}
		return
	}
	switch {
	case r.warn.again(kindOf(err)):
	case r.warn.tell != nil:
		r.warn.tell(err)
	default:
		var hinted interface{ Hint() string }
		if errors.As(err, &hinted) && hinted.Hint() != "" {
			err = fmt.Errorf("%w (%s)", err, hinted.Hint())
		}
		fmt.Fprintln(os.Stderr, "paperlab:", err)
	}
}

// again reports whether this kind was told before, and notes that it is now.
func (w *warnings) again(kind string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.said[kind] {
		return true
	}
	if w.said == nil {
		w.said = map[string]bool{}
	}
	w.said[kind] = true
	return false
}

// forget lets everything be told again: the trouble is over.
func (w *warnings) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = nil
}

// kindOf names what is told once: that calls are spooled, whichever they are; one cause of one operation, whatever file it names.
func kindOf(err error) string {
	if errors.Is(err, ErrSpooled) {
		return ErrSpooled.Error()
	}
	var failed *tracker.Error
	if !errors.As(err, &failed) {
		return err.Error()
	}
	for _, cause := range []error{tracker.ErrFull, tracker.ErrReadOnly, tracker.ErrBusy, tracker.ErrCorrupt, tracker.ErrNotFound} {
		if errors.Is(err, cause) {
			return failed.Op + cause.Error()
		}
	}
	return failed.Error()
}
