package tee

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// The names of the streams.
const (
	Stdout = "stdout"
	Stderr = "stderr"
)

// Tee is the diversion of the process's standard streams.
type Tee struct {
	streams [2]*stream // of the descriptors 1 and 2
	stop    sync.Once
	err     error // of stop
}

// ErrBusy is given where the streams are diverted already: a process has them once.
var ErrBusy = errors.New("tee: the standard streams are diverted already")

var busy atomic.Bool

// Start diverts the descriptors 1 and 2 until Stop. For one stream emit is called one call after another, for the two at once; the
// text is emit's during the call only. Emit must not write to the streams.
func Start(emit func(stream string, text []byte)) (*Tee, error) {
	if !busy.CompareAndSwap(false, true) {
		return nil, ErrBusy
	}
	t := &Tee{}
	for i, name := range []string{Stdout, Stderr} {
		s, err := divert(i+1, func(text []byte) { emit(name, text) })
		if err != nil {
			return nil, errors.Join(fmt.Errorf("tee: %s: %w", name, err), t.Stop())
		}
		t.streams[i] = s
	}
	if err := debug.SetCrashOutput(t.Stderr(), debug.CrashOptions{}); err != nil {
		return nil, errors.Join(fmt.Errorf("tee: keep the crash output: %w", err), t.Stop())
	}
	return t, nil
}

// Stderr is where standard error goes in the end. It is closed by Stop.
func (t *Tee) Stderr() *os.File { return t.streams[1].original }

// Stop undoes the diversion and waits until all that was written before has been emitted. It may be called again.
func (t *Tee) Stop() error {
	t.stop.Do(func() {
		t.err = debug.SetCrashOutput(nil, debug.CrashOptions{})
		for _, s := range t.streams {
			if s != nil {
				t.err = errors.Join(t.err, s.restore())
			}
		}
		busy.Store(false)
	})
	return t.err
}
