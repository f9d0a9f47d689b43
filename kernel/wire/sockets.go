package wire

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

// Sockets are the five sockets of a kernel. The heartbeat answers by itself.
type Sockets struct {
	Shell, Control, Stdin *Router
	IOPub                 *Publisher

	heartbeat  *endpoint
	connection Connection
	closing    sync.Once
}

// Listen opens the sockets of a connection. Clients and messages that are refused are logged. The caller has to close the
// sockets.
func Listen(connection Connection, log *slog.Logger) (*Sockets, error) {
	if err := connection.check(); err != nil {
		return nil, err
	}
	listeners, err := open(&connection)
	if err != nil {
		return nil, err
	}
	endpoint := func(name string, kind zmq4.SocketType) *endpoint {
		return &endpoint{name: name, kind: kind, listener: listeners[name], log: log}
	}
	codec := NewCodec(connection.Key, time.Now)
	s := &Sockets{
		IOPub: newPublisher(endpoint("iopub", zmq4.XPub), codec), Stdin: newRouter(endpoint("stdin", zmq4.Router), codec),
		Control: newRouter(endpoint("control", zmq4.Router), codec), Shell: newRouter(endpoint("shell", zmq4.Router), codec),
		heartbeat: endpoint("hb", zmq4.Rep), connection: connection,
	}
	serveHeartbeat(s.heartbeat)
	return s, nil
}

// open opens the sockets that were not handed over by [Reserve].
func open(connection *Connection) (map[string]net.Listener, error) {
	listeners, err := inherit()
	if err != nil {
		return nil, err
	}
	for name, port := range connection.ports() {
		if listeners[name] == nil {
			listener, openErr := connection.listen(port)
			if openErr != nil {
				err = errors.Join(err, fmt.Errorf("open socket %s: %w", name, openErr))
				continue
			}
			listeners[name] = listener
		}
	}
	if err != nil {
		for _, listener := range listeners {
			err = errors.Join(err, listener.Close())
		}
		return nil, err
	}
	return listeners, nil
}

// serveHeartbeat sends everything back as it came, with the route in front of it.
func serveHeartbeat(e *endpoint) {
	e.joined, e.left = func(*peer) {}, func(*peer) {}
	e.received = func(p *peer, frames [][]byte) { _ = p.send(frames) } // to one who is gone there is nothing to say
	e.serve()
}

// Connection returns where the sockets listen: what [Listen] was given, with the ports that it chose.
func (s *Sockets) Connection() Connection { return s.connection }

// Close sends what is queued, for a second at most, and disconnects everybody. The channels of requests stay open, and
// carry nothing more. Only the first call does anything.
func (s *Sockets) Close() { s.closing.Do(s.close) }

func (s *Sockets) close() {
	linger := make(chan time.Time)
	timer := time.AfterFunc(time.Second, func() { close(linger) })
	defer timer.Stop()
	for _, r := range []*Router{s.Shell, s.Control, s.Stdin} {
		close(r.done)
		r.endpoint.close(linger)
	}
	s.IOPub.endpoint.close(linger)
	s.heartbeat.close(linger)
}
