package store

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
)

// Server holds the keys and values in memory and answers clients until it is closed. It is safe for concurrent use.
type Server struct {
	listener net.Listener
	handlers sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	values  map[string][]byte // by the keys of the wire
	clients map[*connection]bool
}

// Serve listens on an address such as 127.0.0.1:0 and answers in goroutines of its own, which Close waits for.
func Serve(addr string) (*Server, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("store: serve on %s: %w (is another training using the port? choose another MASTER_PORT)", addr, err)
	}
	s := &Server{listener: listener, values: map[string][]byte{}, clients: map[*connection]bool{}}
	s.handlers.Go(s.accept)
	return s, nil
}

// Port is where the server listens.
func (s *Server) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// Close ends the server and hangs up on its clients. Closing twice is harmless.
func (s *Server) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	err := s.listener.Close()
	for c := range s.clients {
		err = errors.Join(err, c.Close())
	}
	s.mu.Unlock()
	s.handlers.Wait()
	return err
}

func (s *Server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return // closed
		}
		c := &connection{Conn: conn, server: s}
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			_ = conn.Close() // nobody was answered on it
			return
		}
		s.clients[c] = true
		s.handlers.Go(c.serve)
		s.mu.Unlock()
	}
}

// connection is a client as the server sees it. All but Conn is the server's lock's.
type connection struct {
	net.Conn
	server  *Server
	waiting []string // keys that are not all there yet; nil for none
}

// serve answers until the client hangs up or says what it should not.
func (c *connection) serve() {
	r := &reader{from: bufio.NewReader(c)}
	if query(r.byte()) == validate && r.word() == magic {
		for r.err == nil && c.handle(query(r.byte()), r) {
		}
	}
	c.server.mu.Lock()
	delete(c.server.clients, c)
	c.server.mu.Unlock()
	_ = c.Close() // the server's end may have been before
}

// handle reads the rest of a query and answers it; false ends the connection.
func (c *connection) handle(q query, r *reader) bool {
	if r.err != nil {
		return false
	}
	answer, ok := c.server.answer(c, q, r)
	return ok && r.err == nil && c.send(answer)
}

func (c *connection) send(answer message) bool {
	if len(answer) == 0 {
		return true
	}
	_, err := c.Write(answer)
	return err == nil
}

// answer does what a query says. Reading comes first, and not under the lock.
func (s *Server) answer(c *connection, q query, r *reader) (message, bool) {
	switch q {
	case ping:
		return message{}.word(r.word()), true
	case set:
		key, value := r.text(), r.bytes()
		return s.locked(r, func() message { return s.put(key, value) })
	case appendTo:
		key, value := r.text(), r.bytes()
		return s.locked(r, func() message { return s.put(key, append(bytes.Clone(s.values[key]), value...)) })
	case compareSet:
		key, old, value := r.text(), r.bytes(), r.bytes()
		return s.locked(r, func() message { return s.compareSet(key, old, value) })
	case get:
		key := r.text()
		return s.locked(r, func() message { return message{}.bytes(s.values[key]) })
	case add:
		key, delta := r.text(), int64(r.number())
		return s.locked(r, func() message { return s.add(key, delta) })
	case countKeys:
		return s.locked(r, func() message { return message{}.number(uint64(len(s.values))) })
	case deleteKey:
		key := r.text()
		return s.locked(r, func() message { return s.delete(key) })
	case getMany:
		keys := r.texts()
		return s.locked(r, func() (all message) {
			for _, key := range keys {
				all = all.bytes(s.values[key])
			}
			return all
		})
	case setMany:
		return s.setMany(r)
	case check, wait, cancelWait:
		return s.wait(c, q, r)
	default:
		return nil, false
	}
}

func (s *Server) locked(r *reader, do func() message) (message, bool) {
	if r.err != nil {
		return nil, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return do(), true
}

// put sets a value and answers those who waited for it.
func (s *Server) put(key string, value []byte) message {
	s.values[key] = value
	for c := range s.clients {
		if c.waiting != nil && s.has(c.waiting) {
			c.waiting = nil
			c.send(message{came}) // who has hung up is noticed where it is read from
		}
	}
	return nil
}

func (s *Server) has(keys []string) bool {
	for _, key := range keys {
		if _, ok := s.values[key]; !ok {
			return false
		}
	}
	return true
}

// compareSet sets a value where the one before is as expected, or where there is none and none is; the answer is what is there then.
func (s *Server) compareSet(key string, old, value []byte) message {
	now, there := s.values[key]
	if there && bytes.Equal(now, old) || !there && len(old) == 0 {
		s.put(key, value)
		now = value
	} else if !there {
		now = old
	}
	return message{}.bytes(now)
}

// add counts: the value is a number in decimal digits.
func (s *Server) add(key string, delta int64) message {
	now, _ := strconv.ParseInt(string(s.values[key]), 10, 64) // what is no number counts as none
	s.put(key, strconv.AppendInt(nil, now+delta, 10))
	return message{}.number(uint64(now + delta))
}

func (s *Server) delete(key string) message {
	n := uint64(0)
	if _, there := s.values[key]; there {
		n = 1
	}
	delete(s.values, key)
	return message{}.number(n)
}

func (s *Server) setMany(r *reader) (message, bool) {
	for range r.length(mostKeys) {
		key, value := r.text(), r.bytes()
		if _, ok := s.locked(r, func() message { return s.put(key, value) }); !ok {
			return nil, false
		}
	}
	return nil, true
}

// wait answers whether keys are there; wait itself answers when they are, and until then the client may only cancel.
func (s *Server) wait(c *connection, q query, r *reader) (message, bool) {
	var keys []string
	if q != cancelWait {
		keys = r.texts()
	}
	return s.locked(r, func() message {
		switch {
		case q == cancelWait:
			c.waiting = nil
			return message{canceled}
		case s.has(keys):
			return message{came} // ready is the same byte
		case q == check:
			return message{notReady}
		}
		c.waiting = keys
		return nil
	})
}
