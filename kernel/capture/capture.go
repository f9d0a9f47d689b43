package capture

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"

	"paperlab/kernel/capture/internal/stdio"
)

// The names of the streams, as the Jupyter protocol has them.
const (
	Stdout = "stdout"
	Stderr = "stderr"
)

// Capture is the diversion of the process's standard output and error. There is one at a time in a process. It is safe for
// concurrent use.
type Capture struct {
	streams [2]*stream // of the descriptors 1 and 2
	readers sync.WaitGroup
}

// Start diverts the descriptors 1 and 2. What is written to them goes to emit, with the stream's name, for one stream one
// call after another; the data is emit's during the call only. Emit must not write to the descriptors.
func Start(emit func(name string, data []byte)) (*Capture, error) {
	stdio.Unbuffer()
	c := &Capture{}
	for i, name := range []string{Stdout, Stderr} {
		s, err := divert(i+1, func(data []byte) { emit(name, data) })
		if err != nil {
			return nil, errors.Join(fmt.Errorf("capture %s: %w", name, err), c.Stop())
		}
		c.streams[i] = s
		c.readers.Go(s.read)
	}
	if err := debug.SetCrashOutput(c.Stderr(), debug.CrashOptions{}); err != nil {
		return nil, errors.Join(fmt.Errorf("capture: keep the crash output: %w", err), c.Stop())
	}
	return c, nil
}

// Stderr is where standard error went before: the place for the kernel's own log. It is closed by Stop.
func (c *Capture) Stderr() *os.File { return c.streams[1].original }

// Flush emits all that was written before the call.
func (c *Capture) Flush() {
	for _, s := range c.streams {
		s.drain()
	}
}

// Stop undoes the diversion, and emits what was written before.
func (c *Capture) Stop() error {
	err := debug.SetCrashOutput(nil, debug.CrashOptions{})
	for _, s := range c.streams {
		if s != nil {
			err = errors.Join(err, s.restore())
		}
	}
	c.readers.Wait()
	return err
}
