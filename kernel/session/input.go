package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"paperlab/kernel/display"
	"paperlab/kernel/wire"
)

// input asks clients for lines of text, one at a time.
type input struct {
	router  *wire.Router
	turn    chan struct{} // held by who asks
	replies chan string
}

func newInput(router *wire.Router) *input {
	return &input{router: router, turn: make(chan struct{}, 1), replies: make(chan string, 1)}
}

// reply takes what a client answers. Clients need not say which question it is for; the newest answer is kept.
func (in *input) reply(m *wire.Message) {
	var content wire.InputReply
	if m.Header.Type != content.MessageType() || json.Unmarshal(m.Content, &content) != nil {
		return
	}
	select {
	case <-in.replies:
	default:
	}
	in.replies <- content.Value
}

// endOfInput is what clients send for Control-D.
const endOfInput = "\x04"

// ask asks the client that a route leads to.
func (in *input) ask(ctx context.Context, r *request, prompt string, password bool) (string, error) {
	select {
	case in.turn <- struct{}{}:
		defer func() { <-in.turn }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	select {
	case <-in.replies: // late, to a question that was given up
	default:
	}
	if err := in.send(ctx, r, wire.InputRequest{Prompt: prompt, Password: password}); err != nil {
		return "", fmt.Errorf("ask for input: %w", err)
	}
	select {
	case line := <-in.replies:
		if line == endOfInput {
			return "", fmt.Errorf("ask for input: %w", io.EOF)
		}
		return line, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// send sends a question to the client of a request. One that was there before the kernel may not have found the socket yet:
// it is waited for a little.
func (in *input) send(ctx context.Context, r *request, question wire.InputRequest) error {
	const patience, pause = time.Second, 20 * time.Millisecond
	for deadline := time.Now().Add(patience); ; {
		err := in.router.Send(r.Sender, r.AsParent(), question, nil)
		if !errors.Is(err, wire.ErrUnreachable) || time.Now().After(deadline) {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// asker returns how the cell of a request asks its client, nil if that takes no questions.
func (k *Kernel) asker(r *request, content wire.ExecuteRequest) display.Asker {
	if !content.AllowStdin {
		return nil
	}
	return func(ctx context.Context, prompt string, password bool) (string, error) {
		return k.input.ask(ctx, r, prompt, password)
	}
}
