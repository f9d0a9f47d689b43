package runs

import (
	"context"
	"sync"
	"time"
	"unicode/utf8"

	"paperlab/tracker"
	"paperlab/tracker/tee"
)

// console keeps with a run what its process writes to its standard streams.
type console struct {
	run  *Run
	tee  *tee.Tee
	rest func() // stops keeping every second

	mu     sync.Mutex
	chunks []tracker.Console // not kept yet
	cut    map[string][]byte // of each stream, the beginning of a character whose rest is still to come
}

// startConsole begins. Where the streams are another run's already, it fails.
func startConsole(r *Run) (*console, error) {
	c := &console{run: r, cut: map[string][]byte{}}
	var err error
	if c.tee, err = tee.Start(c.add); err != nil {
		return nil, err
	}
	c.rest = every(time.Second, func(ctx context.Context) { r.Warn(c.save(context.WithoutCancel(ctx))) })
	return c, nil
}

// stop gives the streams back and keeps what is left.
func (c *console) stop(ctx context.Context) error {
	c.rest()
	c.run.Warn(c.tee.Stop())
	for stream, rest := range c.cut { // nobody adds any more
		if len(rest) > 0 {
			c.append(stream, string(rest))
		}
	}
	return c.save(ctx)
}

// add takes what was written.
func (c *console) add(stream string, text []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	text = append(c.cut[stream], text...)
	whole := wholeCharacters(text)
	c.cut[stream] = text[whole:]
	if whole > 0 {
		c.append(stream, string(text[:whole]))
	}
}

// append joins to the last chunk what follows it at once.
func (c *console) append(stream, text string) {
	now := c.run.clock()
	if n := len(c.chunks); n > 0 && c.chunks[n-1].Stream == stream && now.Sub(c.chunks[n-1].Time) < time.Second {
		c.chunks[n-1].Text += text
		return
	}
	c.chunks = append(c.chunks, tracker.Console{Time: now, Session: c.run.session, Stream: stream, Text: text})
}

// save keeps what was written since the last call.
func (c *console) save(ctx context.Context) error {
	c.mu.Lock()
	chunks := c.chunks
	c.chunks = nil
	c.mu.Unlock()
	if len(chunks) == 0 {
		return nil
	}
	return c.run.put(ctx, "keep console of run", line{Console: chunks})
}

// wholeCharacters is the length of text without the beginning of a character at its end.
func wholeCharacters(text []byte) int {
	for back := 1; back < utf8.UTFMax && back <= len(text); back++ {
		if i := len(text) - back; utf8.RuneStart(text[i]) {
			if utf8.FullRune(text[i:]) {
				return len(text)
			}
			return i
		}
	}
	return len(text)
}
