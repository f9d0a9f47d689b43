package runs

import (
	"fmt"
	"os"
	"sync"
)

// warnings tells each thing once.
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
	w := &r.warn
	w.mu.Lock()
	again := w.said[err.Error()]
	if w.said == nil {
		w.said = map[string]bool{}
	}
	w.said[err.Error()] = true
	w.mu.Unlock()
	switch {
	case again:
	case w.tell != nil:
		w.tell(err)
	default:
		fmt.Fprintln(os.Stderr, "paperlab:", err)
	}
}
