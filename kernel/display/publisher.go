package display

import (
	"context"
	"errors"
)

// Kind is what a [Message] asks for, by the protocol's name.
type Kind string

// The kinds of messages.
const (
	DisplayData       Kind = "display_data"        // show one more thing
	UpdateDisplayData Kind = "update_display_data" // redraw what was shown under the same DisplayID
	ClearOutput       Kind = "clear_output"        // take away what the cell has shown
)

// Message is one thing that a cell says to the front end beside its text.
type Message struct {
	Kind      Kind
	Bundle           // empty for ClearOutput
	DisplayID string // by which it can be redrawn; empty for none
	Wait      bool   // of ClearOutput: clear when the next output comes, so that nothing flickers
}

// Publisher takes a cell's displays to the front end, in the order of the calls. It is called from several goroutines at
// once, those too that outlive the cell.
type Publisher interface {
	Publish(Message) error
}

// ErrNoNotebook is returned by what shows something where no notebook is there to show it.
var ErrNoNotebook = errors.New("display: there is no notebook to show it in: the context carries no publisher")

type stageKey struct{}

// WithPublisher returns a context whose displays go to p. A kernel calls it once for each cell, and [Flush] at its end.
func WithPublisher(ctx context.Context, p Publisher) context.Context {
	return context.WithValue(ctx, stageKey{}, &stage{publisher: p})
}

// PublisherFrom returns where the context's displays go. Without one it returns a publisher that fails with
// [ErrNoNotebook], never nil.
func PublisherFrom(ctx context.Context) Publisher { return stageFrom(ctx).publisher }

type nowhere struct{}

func (nowhere) Publish(Message) error { return ErrNoNotebook }

// Show shows each value as [Render] draws it.
func Show(ctx context.Context, values ...any) error {
	publisher := PublisherFrom(ctx)
	for _, v := range values {
		message := Message{Kind: DisplayData, Bundle: Render(v)}
		if data, ok := v.(Data); ok {
			message.DisplayID, _ = data.Transient["display_id"].(string)
		}
		if err := publisher.Publish(message); err != nil {
			return err
		}
	}
	return nil
}

// Clear takes away what the cell has shown so far: at once, or with wait when the next output comes.
func Clear(ctx context.Context, wait bool) error {
	return PublisherFrom(ctx).Publish(Message{Kind: ClearOutput, Wait: wait})
}
