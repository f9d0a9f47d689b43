package live

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"paperlab/kernel/display"
	"paperlab/lib/train"
)

// Training returns a hook that shows one training. The first display has a bar over the steps and a table: a row for each
// evaluation (step, epoch, mean training loss since the one before, validation loss, metrics), before the first one and
// without a validation set a row for each logged loss. The second display is the curve of both losses. In the end the first
// one says how the training ended, and from which checkpoint an interrupted one can go on.
//
// Without a notebook in the context the training fails at its start. A display that fails later does not end it: Fit returns
// that error when the training is over.
func Training() train.Hook {
	t := &training{}
	return func(ctx context.Context, e train.Event) error {
		t.note(e)
		return t.draw(ctx, e)
	}
}

// training is what has been heard of a training.
type training struct {
	panel, curve *display.Handle // nil before they are shown
	err          error           // the first of a display

	mu       sync.Mutex // guards the rest: a display may be drawn a moment later, on another goroutine
	start    time.Time
	bar      display.Bar
	remarks  []any // what there is to say of the start
	losses   losses
	measured map[string]float64
	outcome  any // nil while it goes on
}

// note remembers what an event says.
func (t *training) note(e train.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e := e.(type) {
	case train.Started:
		t.start = time.Now()
		t.bar = display.Bar{Label: "training", Done: e.Step, Before: e.Step, Total: e.Steps}
		t.remarks = remarks(e)
		t.losses.everyStep = !e.Config.LogEvery.Ever()
	case train.Step:
		t.bar.Done = e.Step
		t.bar.Note = fmt.Sprintf("epoch %.2f, loss %.4g, learning rate %.3g", e.Epoch, e.Loss, e.LearningRate)
		t.losses.step(e)
	case train.Logged:
		t.losses.log(e)
	case train.Evaluated:
		t.losses.evaluate(e)
	case train.Measured:
		t.measured = e.Metrics
	case train.Finished:
		t.finish(e)
	}
}

// remarks says what a training goes on from.
func remarks(e train.Started) (said []any) {
	for _, broken := range e.Broken {
		said = append(said, fmt.Errorf("passed over: %w", broken))
	}
	if e.Resumed != "" {
		said = append(said, fmt.Sprintf("resumed at step %d from %s", e.Step, e.Resumed))
	}
	if e.FreshMoments {
		said = append(said, "it is a checkpoint of transformers, whose optimizer state is not read: moments start at zero")
	}
	return said
}

func (t *training) finish(e train.Finished) {
	t.bar.Elapsed, t.bar.Ended, t.bar.Note = time.Since(t.start), true, ""
	switch r := e.Result; {
	case errors.Is(e.Err, context.Canceled):
		t.bar.Problem = "interrupted"
		text := fmt.Sprintf("interrupted at step %d", r.Steps)
		if r.Checkpoint != "" {
			text += "; to go on, resume from " + r.Checkpoint
		}
		t.outcome = text
	case e.Err != nil:
		t.bar.Problem = "failed"
		t.outcome = e.Err
	case r.Best != "":
		t.outcome = fmt.Sprintf("best validation loss %.6g, saved in %s", r.BestLoss, r.Best)
	}
}

// draw shows what an event has changed.
func (t *training) draw(ctx context.Context, e train.Event) error {
	if _, ok := e.(train.Started); ok {
		var err error
		t.panel, err = display.NewHandle(ctx, t.summary())
		return err
	}
	if t.panel == nil {
		return nil // the training could not start, which Fit tells
	}
	t.keep(t.panel.UpdateLater(t.summary))
	if t.curve == nil && t.hasCurve() {
		var err error
		t.curve, err = display.NewHandle(ctx, t.figure())
		t.keep(err)
	} else if t.curve != nil && t.changesCurve(e) {
		t.keep(t.curve.UpdateLater(t.figure))
	}
	if _, ok := e.(train.Finished); !ok {
		return nil
	}
	t.keep(t.panel.Flush())
	if t.curve != nil {
		t.keep(t.curve.Flush())
	}
	return t.err
}

func (t *training) keep(err error) {
	if t.err == nil {
		t.err = err
	}
}

// summary is the first display.
func (t *training) summary() any {
	t.mu.Lock()
	defer t.mu.Unlock()
	bar := t.bar
	if !bar.Ended {
		bar.Elapsed = time.Since(t.start)
	}
	parts := append([]any{bar}, t.remarks...)
	if table, ok := t.losses.table(); ok {
		parts = append(parts, table)
	}
	if len(t.measured) > 0 {
		parts = append(parts, measuredTable(t.measured))
	}
	if t.outcome != nil {
		parts = append(parts, t.outcome)
	}
	return display.Stack(parts...)
}
