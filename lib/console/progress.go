package console

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8/cwriter"
)

// A Task is work whose progress can be shown.
type Task struct {
	Label string // what is done: "training"
	Unit  string // what is counted, in the singular: "step"
	Total int64  // how many there are; 0 if nobody knows
	Done  int64  // how many were done before, in a training that is resumed: they do not count for the rate
}

// A Value is a figure shown beside the progress, such as the loss.
type Value struct {
	Name  string
	Value float64
}

// Progress shows how far a task is: a bar where the writer is a terminal of 40 columns or more, elsewhere plain lines,
// at most one every five seconds and none between two calls.
//
// Several goroutines may share it. On one terminal only one Progress may be shown at a time.
type Progress struct {
	task Task
	now  func() time.Time
	view view

	mu     sync.Mutex
	start  time.Time
	done   int64
	values []Value
	ended  time.Time // zero while the task goes on
}

// A view shows a Progress. It is called by several goroutines, and not while the Progress is locked.
type view interface {
	changed()
	line(string)
	end()
}

// NewProgress starts to show a task on w, which is usually os.Stderr, by the given clock, which is usually time.Now.
// End must be called in the end.
func NewProgress(w io.Writer, now func() time.Time, task Task) *Progress {
	task.Label = oneLine(task.Label)
	p := &Progress{task: task, now: now, start: now(), done: task.Done}
	if hasRoom(w) {
		p.view = newBar(w, p)
	} else {
		p.view = newPlain(w, p)
	}
	return p
}

// hasRoom says whether w is a terminal that can move its cursor and is wide enough for a bar.
func hasRoom(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	const narrowest = 40
	width, _, err := cwriter.GetSize(int(f.Fd()))
	return err == nil && width >= narrowest
}

// Add counts n more as done and shows the values; a value stays until another of its name takes its place.
func (p *Progress) Add(n int64, values ...Value) {
	p.update(func() { p.done += n }, values)
}

// Set counts n in all as done, those before a resumption included, and shows the values as Add does.
func (p *Progress) Set(n int64, values ...Value) {
	p.update(func() { p.done = n }, values)
}

func (p *Progress) update(count func(), values []Value) {
	p.mu.Lock()
	if !p.ended.IsZero() {
		p.mu.Unlock()
		return
	}
	count()
	for _, v := range values {
		if i := slices.IndexFunc(p.values, func(old Value) bool { return old.Name == v.Name }); i >= 0 {
			p.values[i] = v
		} else {
			p.values = append(p.values, v)
		}
	}
	p.mu.Unlock()
	p.view.changed()
}

// Linef writes a line of its own, above the bar if there is one.
func (p *Progress) Linef(format string, args ...any) {
	p.view.line(oneLine(fmt.Sprintf(format, args...)))
}

// End shows how it ended and leaves the writer to others. Calling it again does nothing.
func (p *Progress) End() {
	p.mu.Lock()
	again := !p.ended.IsZero()
	if !again {
		p.ended = p.now()
	}
	p.mu.Unlock()
	if !again {
		p.view.end()
	}
}

// A state is what can be said of a Progress at one moment.
type state struct {
	done   int64
	count  string // "350/1000 (35%)"
	timing string // "3.2 step/s, 4m35s left"
	values string // "loss 2.31, lr 5e-05"
}

func (p *Progress) state() state {
	p.mu.Lock()
	defer p.mu.Unlock()
	names := make([]string, len(p.values))
	for i, v := range p.values {
		names[i] = v.Name + " " + number(v.Value)
	}
	return state{done: p.done, count: p.count(), timing: p.timing(), values: strings.Join(names, ", ")}
}

func (p *Progress) count() string {
	if p.task.Total <= 0 {
		return fmt.Sprint(p.done)
	}
	return fmt.Sprintf("%d/%d (%d%%)", p.done, p.task.Total, int64(float64(p.done)/float64(p.task.Total)*100))
}

func (p *Progress) timing() string {
	until := p.ended
	if until.IsZero() {
		until = p.now()
	}
	elapsed := until.Sub(p.start)
	var parts []string
	rate := float64(p.done-p.task.Done) / elapsed.Seconds()
	moving := elapsed > 0 && rate > 0
	if moving {
		parts = append(parts, pace(rate, p.task.Unit))
	}
	switch {
	case !p.ended.IsZero() && p.done < p.task.Total:
		parts = append(parts, "stopped after "+span(elapsed))
	case !p.ended.IsZero():
		parts = append(parts, "done in "+span(elapsed))
	case moving && p.done < p.task.Total:
		left := float64(p.task.Total-p.done) / rate
		parts = append(parts, span(time.Duration(min(left, maxSeconds)*float64(time.Second)))+" left")
	}
	return strings.Join(parts, ", ")
}

// maxSeconds is a hundred years, which keeps the estimate of a task that hardly moves within a time.Duration.
const maxSeconds = 100 * 365 * 24 * 3600
