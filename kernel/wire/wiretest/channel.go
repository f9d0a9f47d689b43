package wiretest

import (
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"paperlab/kernel/wire"
)

// Channel is a client's end of one socket.
type Channel struct {
	t        testing.TB
	codec    *wire.Codec
	socket   zmq4.Socket
	messages chan *wire.Message
}

func newChannel(t testing.TB, codec *wire.Codec, socket zmq4.Socket, address string) *Channel {
	t.Helper()
	if err := socket.Dial(address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = socket.Close() }) // the test is over, whatever that says
	c := &Channel{t: t, codec: codec, socket: socket, messages: make(chan *wire.Message, 1<<16)}
	go c.pump()
	return c
}

// pump takes messages from the socket until that is closed.
func (c *Channel) pump() {
	defer close(c.messages)
	for {
		frames, err := c.socket.Recv()
		if err != nil {
			return
		}
		m, err := c.codec.Decode(frames.Frames)
		if err != nil {
			c.t.Errorf("from the kernel: %v: %q", err, frames.Frames)
			return
		}
		c.messages <- m
	}
}

// SendFrames sends frames as they are.
func (c *Channel) SendFrames(frames ...[]byte) {
	c.t.Helper()
	if err := c.socket.SendMulti(zmq4.NewMsgFrom(frames...)); err != nil {
		c.t.Fatal(err)
	}
}

// Send sends a request and returns its ID.
func (c *Channel) Send(content wire.Content) string {
	c.t.Helper()
	frames, err := c.codec.Encode(nil, content, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	c.SendFrames(frames...)
	m, err := wire.NewCodec("", time.Now).Decode(frames)
	if err != nil {
		c.t.Fatal(err)
	}
	return m.Header.ID
}

// Receive returns the next message.
func (c *Channel) Receive() *wire.Message {
	c.t.Helper()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case m, ok := <-c.messages:
		if !ok {
			c.t.Fatal("the socket was closed")
		}
		return m
	case <-timer.C:
		c.t.Fatal("nothing came")
	}
	return nil
}

// Answer returns the next message that belongs to a request; others before it are skipped.
func (c *Channel) Answer(id string) *wire.Message {
	c.t.Helper()
	for {
		if m := c.Receive(); m.Parent.ID == id {
			return m
		}
	}
}

// Idle says that nothing has come that was not taken.
func (c *Channel) Idle() bool { return len(c.messages) == 0 }
