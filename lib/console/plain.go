package console

import (
	"io"
	"strings"
	"sync"
	"time"
)

// interval is the least time between two plain lines.
const interval = 5 * time.Second

// plain shows progress as lines, for logs and pipes.
type plain struct {
	progress *Progress

	mu   sync.Mutex
	w    io.Writer
	last time.Time
}

func newPlain(w io.Writer, p *Progress) *plain {
	return &plain{progress: p, w: w, last: p.start}
}

func (v *plain) changed() {
	now := v.progress.now()
	v.mu.Lock()
	defer v.mu.Unlock()
	if now.Sub(v.last) >= interval {
		v.last = now
		v.write(v.status())
	}
}

func (v *plain) line(text string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.write(text)
}

func (v *plain) end() { v.line(v.status()) }

// write drops what the writer refuses: work does not end because nobody can watch it.
func (v *plain) write(text string) { _, _ = io.WriteString(v.w, text+"\n") }

func (v *plain) status() string {
	s := v.progress.state()
	parts := []string{s.count}
	for _, part := range []string{s.timing, s.values} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return v.progress.task.Label + ": " + strings.Join(parts, ", ")
}
