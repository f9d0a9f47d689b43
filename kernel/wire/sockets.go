package wire

import (
	"errors"
	"fmt"
	"log/slog"
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
	var endpoints []*endpoint
	var failed error
	open := func(name string, kind zmq4.SocketType, port *int) *endpoint {
		listener, err := connection.listen(port)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("open socket %s: %w", name, err))
			return nil
		}
		e := &endpoint{name: name, kind: kind, listener: listener, log: log}
		endpoints = append(endpoints, e)
		return e
	}
	iopub := open("iopub", zmq4.XPub, &connection.IOPubPort)
	heartbeat := open("heartbeat", zmq4.Rep, &connection.HeartbeatPort)
	stdin := open("stdin", zmq4.Router, &connection.StdinPort)
	control := open("control", zmq4.Router, &connection.ControlPort)
	shell := open("shell", zmq4.Router, &connection.ShellPort)
	if failed != nil {
		for _, e := range endpoints {
			failed = errors.Join(failed, e.listener.Close())
		}
		return nil, failed
	}
	codec := NewCodec(connection.Key, time.Now)
	serveHeartbeat(heartbeat)
	return &Sockets{
		IOPub: newPublisher(iopub, codec), Stdin: newRouter(stdin, codec),
		Control: newRouter(control, codec), Shell: newRouter(shell, codec),
		heartbeat: heartbeat, connection: connection,
	}, nil
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
