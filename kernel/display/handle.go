package display

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"
)

// Two drawings of one display are at least interval apart, and so much longer where drawing is slow that it takes a small
// share of the time: a plot takes tens of milliseconds.
const (
	interval = time.Second / 5
	share    = 20
)

// Handle is something shown that can be redrawn in its place, at most five times a second; the last state is always drawn,
// if need be a moment later. It is safe for concurrent use.
type Handle struct {
	id    string
	stage *stage

	mu    sync.Mutex
	drawn time.Time
	cost  time.Duration // of the last drawing
	next  func() Bundle // nil where the newest state is drawn
	timer *time.Timer
	err   error // of a drawing that nobody waited for
}

// NewHandle shows a value as [Render] draws it, to be redrawn by Update.
func NewHandle(ctx context.Context, v any) (*Handle, error) {
	h := &Handle{id: rand.Text(), stage: stageFrom(ctx), drawn: time.Now()}
	return h, h.stage.publisher.Publish(Message{Kind: DisplayData, Bundle: Render(v), DisplayID: h.id})
}

// ID is the display's id in the protocol.
func (h *Handle) ID() string { return h.id }

// Update draws a value in place of what is shown. It renders at once, also what is then drawn a moment later.
func (h *Handle) Update(v any) error {
	b := Render(v)
	return h.update(func() Bundle { return b })
}

// UpdateLater draws what the function returns, which it calls only when it draws, perhaps later on another goroutine:
// for what is slow to make, and changes more often than it is drawn.
// The function must not use the handle.
func (h *Handle) UpdateLater(value func() any) error {
	return h.update(func() Bundle { return Render(value()) })
}

func (h *Handle) update(next func() Bundle) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next = next
	if wait := max(interval, share*h.cost) - time.Since(h.drawn); wait > 0 {
		if h.timer == nil {
			h.timer = time.AfterFunc(wait, h.drawLate)
			h.stage.add(h)
		}
		return h.takeError()
	}
	return errors.Join(h.takeError(), h.draw())
}

// drawLate keeps its error for the next who asks.
func (h *Handle) drawLate() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.err = errors.Join(h.err, h.draw())
}

// Flush draws the newest state now, if it is not yet drawn.
func (h *Handle) Flush() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return errors.Join(h.takeError(), h.draw())
}

// draw is called while h is locked, so that drawings come in order.
func (h *Handle) draw() error {
	if h.timer != nil {
		h.timer.Stop()
		h.timer = nil
		h.stage.remove(h)
	}
	if h.next == nil {
		return nil
	}
	start := time.Now()
	b := h.next()
	h.next, h.drawn, h.cost = nil, time.Now(), time.Since(start)
	return h.stage.publisher.Publish(Message{Kind: UpdateDisplayData, Bundle: b, DisplayID: h.id})
}

func (h *Handle) takeError() error {
	err := h.err
	h.err = nil
	return err
}
