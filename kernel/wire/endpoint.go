package wire

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

// endpoint accepts the clients of one socket. It stands for zmq4's own sockets, in which one client that stops reading, or
// never finishes its handshake, holds up all others: they write to their clients one after another and keep the queue of
// an XPUB without bound.
type endpoint struct {
	name     string
	kind     zmq4.SocketType
	listener net.Listener
	log      *slog.Logger
	joined   func(*peer)           // called before anything of the peer is read
	received func(*peer, [][]byte) // called for each message, for one peer one after another
	left     func(*peer)           // called when the peer is gone

	mu      sync.Mutex
	clients map[net.Conn]*peer // nil for one that has not introduced itself
	closed  bool
	served  sync.WaitGroup
}

// serve accepts clients until the endpoint is closed.
func (e *endpoint) serve() {
	e.clients = map[net.Conn]*peer{}
	e.served.Go(func() {
		for {
			conn, err := e.listener.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil {
				// Out of file descriptors, mostly: that passes.
				e.log.Error("accept", "socket", e.name, "error", err)
				time.Sleep(100 * time.Millisecond)
				continue
			}
			e.served.Go(func() { e.attend(conn) })
		}
	})
}

// attend serves one client until it goes.
func (e *endpoint) attend(conn net.Conn) {
	defer conn.Close()
	if !e.note(conn, nil) {
		return
	}
	defer e.forget(conn)
	z, link, err := shake(conn, e.kind)
	if err != nil {
		if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) { // one that has gone away again is no trouble
			e.log.Warn("refused a client", "socket", e.name, "error", err)
		}
		return
	}
	p := newPeer(z, link)
	if !e.note(conn, p) {
		return
	}
	e.joined(p)
	e.served.Go(p.write)
	err = p.read(func(frames [][]byte) { e.received(p, frames) })
	e.left(p)
	if errors.Is(err, errTooLarge) {
		e.log.Warn("disconnected a client", "socket", e.name, "error", err)
	}
}

// note keeps a client, and says whether the endpoint still takes any.
func (e *endpoint) note(conn net.Conn, p *peer) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed {
		e.clients[conn] = p
	}
	return !e.closed
}

func (e *endpoint) forget(conn net.Conn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.clients, conn)
}

// close accepts no more clients, sends what is queued for those that there are, for as long as linger lasts, and
// disconnects them.
func (e *endpoint) close(linger <-chan time.Time) {
	_ = e.listener.Close() // nothing is lost with it
	e.mu.Lock()
	e.closed = true
	for conn, p := range e.clients {
		if p == nil {
			_ = conn.Close()
		} else {
			p.finish()
		}
	}
	e.mu.Unlock()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		e.served.Wait()
	}()
	select {
	case <-gone:
	case <-linger:
		e.disconnect()
		<-gone
	}
}

func (e *endpoint) disconnect() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for conn := range e.clients {
		_ = conn.Close()
	}
}
