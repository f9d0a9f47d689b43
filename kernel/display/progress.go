package display

import (
	"context"
	"sync"
	"time"
)

// Progress shows how far a loop is, as a bar with its rate and the time that is left, redrawn in place. It is safe for
// concurrent use. Errors of showing it wait for Done, so that the loop need not look.
type Progress struct {
	ctx    context.Context // whose cancellation is an interruption
	stage  *stage
	start  time.Time
	handle *Handle

	mu  sync.Mutex
	bar Bar
	err error
}

// NewProgress shows a bar for so many things; total is 0 where nobody knows how many. If the cell is interrupted
// before Done, the bar says so.
//
//	p := display.NewProgress(ctx, "reading papers", len(files))
//	for _, file := range files {
//		read(file)
//		p.Add(1)
//	}
//	p.Done()
func NewProgress(ctx context.Context, label string, total int) *Progress {
	p := &Progress{ctx: ctx, stage: stageFrom(ctx), start: time.Now(), bar: Bar{Label: label, Total: total}}
	p.handle, p.err = NewHandle(ctx, p.bar)
	p.stage.add(p)
	return p
}

// Add counts n more as done.
func (p *Progress) Add(n int) { p.update(func(b *Bar) { b.Done += n }) }

// Set counts n in all as done.
func (p *Progress) Set(n int) { p.update(func(b *Bar) { b.Done = n }) }

// Note shows a text beside the bar, such as the last loss, until the next one.
func (p *Progress) Note(text string) { p.update(func(b *Bar) { b.Note = text }) }

// Done says that the loop has ended: the bar stays as it is. It returns what went wrong with showing it. Calling it again
// does nothing.
func (p *Progress) Done() error {
	p.end("")
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

func (p *Progress) update(change func(*Bar)) {
	p.mu.Lock()
	ended := p.bar.Ended
	if !ended {
		change(&p.bar)
	}
	p.mu.Unlock()
	if !ended {
		p.keep(p.handle.UpdateLater(p.state))
	}
}

// Flush draws the bar as it is now, if the loop goes on; see the function [Flush].
func (p *Progress) Flush() error {
	if p.ctx.Err() != nil {
		p.end("interrupted")
	} else {
		p.keep(p.handle.UpdateLater(p.state))
		p.keep(p.handle.Flush())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

func (p *Progress) end(problem string) {
	p.mu.Lock()
	again := p.bar.Ended
	if !again {
		p.bar.Ended, p.bar.Problem, p.bar.Elapsed = true, problem, time.Since(p.start)
	}
	p.mu.Unlock()
	if !again {
		p.stage.remove(p)
		p.keep(p.handle.UpdateLater(p.state))
		p.keep(p.handle.Flush())
	}
}

// state is the bar as of now.
func (p *Progress) state() any {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.bar
	if !b.Ended {
		b.Elapsed = time.Since(p.start)
	}
	return b
}

// keep keeps the first error: the next ones say the same.
func (p *Progress) keep(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = err
	}
}
