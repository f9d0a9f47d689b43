package display

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
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
	idle  sync.Cond     // signals that busy is false
	busy  bool          // somebody is drawing, without mu, so that updates need not wait
	drawn time.Time     // when the last drawing began
	cost  time.Duration // of the last drawing
	next  func() Bundle // nil where the newest state is drawn, or being drawn
	timer *time.Timer   // for the next drawing, nil for none
	err   error         // of a drawing that nobody waited for
}

// NewHandle shows a value as [Render] draws it, to be redrawn by Update.
func NewHandle(ctx context.Context, v any) (*Handle, error) {
	h := &Handle{id: rand.Text(), stage: stageFrom(ctx), drawn: time.Now()}
	h.idle.L = &h.mu
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
	return h.update(func() (b Bundle) {
		defer func() {
			if r := recover(); r != nil {
				b = renderError(fmt.Errorf("display: making what is shown panicked: %v", r))
			}
		}()
		return Render(value())
	})
}

func (h *Handle) update(next func() Bundle) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next = next
	if !h.busy && h.wait() <= 0 {
		return errors.Join(h.takeError(), h.draw())
	}
	h.plan()
	return h.takeError()
}

// Flush draws the newest state now, if it is not yet drawn.
func (h *Handle) Flush() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for h.busy {
		h.idle.Wait()
	}
	return errors.Join(h.takeError(), h.draw())
}

// drawLate keeps its error for the next who asks.
func (h *Handle) drawLate() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.busy {
		h.err = errors.Join(h.err, h.draw())
	}
}

// The methods below are called with mu locked.

// wait is how long it is until the next drawing may begin.
func (h *Handle) wait() time.Duration {
	return max(interval, share*h.cost) - time.Since(h.drawn)
}

// plan sees to it that the newest state is drawn in time. While somebody is drawing, that one plans afterwards.
func (h *Handle) plan() {
	if h.next != nil && h.timer == nil && !h.busy {
		h.timer = time.AfterFunc(h.wait(), h.drawLate)
		h.stage.add(h)
	}
}

// draw draws the newest state, with mu unlocked meanwhile. It is not called while another is drawing.
func (h *Handle) draw() error {
	if h.timer != nil {
		h.timer.Stop()
		h.timer = nil
	}
	if h.next == nil {
		return nil
	}
	next, start := h.next, time.Now()
	h.next, h.busy, h.drawn = nil, true, start
	h.mu.Unlock()
	b := next()
	cost := time.Since(start)
	err := h.stage.publisher.Publish(Message{Kind: UpdateDisplayData, Bundle: b, DisplayID: h.id})
	h.mu.Lock()
	h.busy, h.cost = false, cost
	h.stage.remove(h) // only now, so that a flush of the stage waits for it
	h.plan()
	h.idle.Broadcast()
	return err
}

func (h *Handle) takeError() error {
	err := h.err
	h.err = nil
	return err
}
