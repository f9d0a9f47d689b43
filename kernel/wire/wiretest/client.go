package wiretest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"paperlab/kernel/wire"
)

// patience is how long a test waits for what has to come.
const patience = 30 * time.Second

// Client is a client of one kernel. Its methods fail the test when something does not come. It is for one goroutine.
type Client struct {
	Shell, Control, Stdin *Channel
	IOPub                 *Channel

	t          testing.TB
	connection wire.Connection
}

// Free returns a connection whose ports nobody has, for a kernel in another process.
func Free(t testing.TB) wire.Connection {
	t.Helper()
	connection := wire.Connection{Transport: "tcp", IP: "127.0.0.1", Key: rand.Text(), SignatureScheme: "hmac-sha256"}
	sockets, err := wire.Listen(connection, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	sockets.Close()
	return sockets.Connection()
}

// Dial connects to a kernel, and waits for iopub_welcome so that nothing is missed. The test's end disconnects.
func Dial(t testing.TB, connection wire.Connection) *Client {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	c := &Client{t: t, connection: connection}
	options := []zmq4.Option{ // of which the first two have a starting kernel waited for
		zmq4.WithDialerRetry(20 * time.Millisecond), zmq4.WithDialerMaxRetries(int(patience / (20 * time.Millisecond))),
		zmq4.WithID(zmq4.SocketIdentity(rand.Text())),
	}
	codec := wire.NewCodec(connection.Key, time.Now)
	c.Shell = newChannel(t, codec, zmq4.NewDealer(ctx, options...), c.address(connection.ShellPort))
	c.Control = newChannel(t, codec, zmq4.NewDealer(ctx, options...), c.address(connection.ControlPort))
	c.Stdin = newChannel(t, codec, zmq4.NewDealer(ctx, options...), c.address(connection.StdinPort))
	c.IOPub = newChannel(t, codec, zmq4.NewSub(ctx, options...), c.address(connection.IOPubPort))
	if err := c.IOPub.socket.SetOption(zmq4.OptionSubscribe, ""); err != nil {
		t.Fatal(err)
	}
	if welcome := c.IOPub.Receive(); welcome.Header.Type != "iopub_welcome" {
		t.Fatalf("the first message on iopub is %s, want iopub_welcome", welcome.Header.Type)
	}
	return c
}

// address is that of a port of the kernel, as zmq4 takes it.
func (c *Client) address(port int) string {
	return fmt.Sprintf("tcp://%s:%d", c.connection.IP, port)
}

// Execute sends a request to run code with the usual options, and returns its ID.
func (c *Client) Execute(code string) string {
	c.t.Helper()
	return c.Shell.Send(wire.ExecuteRequest{Code: code})
}

// Run runs code and returns the reply and all that was broadcast between busy and idle.
func (c *Client) Run(request wire.ExecuteRequest) (reply wire.ExecuteReply, broadcast []*wire.Message) {
	c.t.Helper()
	id := c.Shell.Send(request)
	Content(c.t, c.Shell.Answer(id), &reply)
	return reply, c.UntilIdle(id)
}

// UntilIdle returns what is broadcast for a request between its busy and its idle. What belongs to other requests is skipped.
func (c *Client) UntilIdle(id string) (messages []*wire.Message) {
	c.t.Helper()
	busy := false
	for {
		m := c.IOPub.Receive()
		if m.Parent.ID != id {
			continue
		}
		if m.Header.Type != "status" {
			messages = append(messages, m)
			continue
		}
		var status wire.Status
		Content(c.t, m, &status)
		if status.State == wire.Idle {
			if !busy {
				c.t.Fatalf("idle came before busy")
			}
			return messages
		}
		if len(messages) > 0 {
			c.t.Fatalf("%s came before busy", messages[0].Header.Type)
		}
		busy = true
	}
}

// Content decodes what a message carries.
func Content(t testing.TB, m *wire.Message, into any) {
	t.Helper()
	if err := json.Unmarshal(m.Content, into); err != nil {
		t.Fatalf("%s: %v: %s", m.Header.Type, err, m.Content)
	}
}
