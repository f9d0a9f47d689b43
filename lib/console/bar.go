package console

import (
	"errors"
	"io"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// bar shows progress as a line that redraws in place.
type bar struct {
	w         io.Writer
	container *mpb.Progress
	bar       *mpb.Bar
}

func newBar(w io.Writer, p *Progress) *bar {
	container := mpb.New(mpb.WithOutput(w))
	// mpb's own count is left at zero: each frame is drawn from the state, which several goroutines may change.
	drawing := mpb.BarStyle().Lbound("[").Filler("=").Tip(">").Padding(" ").Rbound("]").Build()
	filler := mpb.BarFillerFunc(func(w io.Writer, frame decor.Statistics) error {
		if p.task.Total <= 0 {
			return nil
		}
		frame.Total = p.task.Total
		frame.Current = min(max(p.state().done, 0), frame.Total)
		frame.Completed = frame.Current == frame.Total
		return drawing.Fill(w, frame)
	})
	text := func(f func(state) string) decor.Decorator {
		return decor.Any(func(decor.Statistics) string { return f(p.state()) })
	}
	return &bar{w: w, container: container, bar: container.MustAdd(0, filler,
		mpb.PrependDecorators(text(func(s state) string { return p.task.Label + " " + s.count })),
		mpb.AppendDecorators(text(func(s state) string {
			if s.values == "" {
				return s.timing
			}
			return s.values + ", " + s.timing
		})),
	)}
}

// changed has nothing to do: mpb draws the state several times a second.
func (b *bar) changed() {}

// line drops what the terminal refuses, as plain does.
func (b *bar) line(text string) {
	if _, err := io.WriteString(b.container, text+"\n"); errors.Is(err, mpb.ErrDone) {
		_, _ = io.WriteString(b.w, text+"\n") // the bar is gone, its last frame stays
	}
}

func (b *bar) end() {
	const ofCurrent, complete = -1, true
	b.bar.SetTotal(ofCurrent, complete)
	b.container.Wait()
}
