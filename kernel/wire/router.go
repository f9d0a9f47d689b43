package wire

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
)

// ErrUnreachable says that the client to which a message was to go is not connected.
var ErrUnreachable = errors.New("the client is not connected")

// Router is a socket on which clients make requests: shell, control or stdin. It is safe for concurrent use.
type Router struct {
	endpoint *endpoint
	codec    *Codec
	requests chan *Message
	done     chan struct{}

	mu    sync.Mutex
	peers map[string]*peer
}

func newRouter(e *endpoint, codec *Codec) *Router {
	r := &Router{endpoint: e, codec: codec, requests: make(chan *Message), done: make(chan struct{}), peers: map[string]*peer{}}
	e.joined, e.received, e.left = r.joined, r.received, r.left
	e.serve()
	return r
}

// Requests carries the messages that arrive, those of one client in their order. Who does not take them holds up the
// clients of this socket.
func (r *Router) Requests() <-chan *Message { return r.requests }

// joined makes a peer known by its identity. A client that connects again takes the place of its old connection.
func (r *Router) joined(p *peer) {
	if p.id == "" {
		p.id = rand.Text()
	}
	r.mu.Lock()
	before := r.peers[p.id]
	r.peers[p.id] = p
	r.mu.Unlock()
	if before != nil {
		before.close()
	}
}

func (r *Router) left(p *peer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.peers[p.id] == p {
		delete(r.peers, p.id)
	}
}

func (r *Router) received(p *peer, frames [][]byte) {
	m, err := r.codec.Decode(append([][]byte{[]byte(p.id)}, frames...))
	if err != nil {
		r.endpoint.log.Warn("dropped a message", "socket", r.endpoint.name, "error", err)
		return
	}
	select {
	case r.requests <- m:
	case <-r.done:
	}
}

// Reply answers a request. Nil metadata is an empty object.
func (r *Router) Reply(request *Message, content Content, metadata map[string]any) error {
	return r.Send(request.Sender, request.AsParent(), content, metadata)
}

// Send sends a message to the client that route leads to, for a message of that client on any router. It returns when
// the message is queued, and fails with [ErrUnreachable] if the client is not connected to this socket.
func (r *Router) Send(route [][]byte, parent Parent, content Content, metadata map[string]any) error {
	frames, err := r.codec.Encode(parent, content, metadata)
	if err != nil {
		return err
	}
	r.mu.Lock()
	p := r.peers[string(route[0])]
	r.mu.Unlock()
	if p == nil {
		return fmt.Errorf("send %s: %w", content.MessageType(), ErrUnreachable)
	}
	if err := p.send(append(route[1:len(route):len(route)], frames...)); err != nil {
		r.endpoint.log.Warn("disconnected a client", "socket", r.endpoint.name, slog.Any("error", err))
		return fmt.Errorf("send %s: %w: %w", content.MessageType(), ErrUnreachable, err)
	}
	return nil
}
