package exec

import (
	"io"
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"syscall"
)

// streams are the files that stand for os.Stdout and os.Stderr in a task's code, made when the code first names them.
type streams struct {
	named    atomic.Bool // there is a file
	mu       sync.Mutex
	out, err *stream
}

// stream is a pipe whose other end is copied to one of the task's writers.
type stream struct {
	file *os.File
	end  *end
}

// taskStreams are the variables of package os that differ from task to task.
var taskStreams = map[string]func(*Task) reflect.Value{
	"os.Stdout": func(t *Task) reflect.Value {
		return reflect.ValueOf(t.streams.file(&t.streams.out, t.stdout, os.Stdout))
	},
	"os.Stderr": func(t *Task) reflect.Value {
		return reflect.ValueOf(t.streams.file(&t.streams.err, t.stderr, os.Stderr))
	},
}

// file returns the task's file. Where no pipe is to be had it is the process's own.
func (s *streams) file(which **stream, to io.Writer, own *os.File) *os.File {
	s.mu.Lock()
	defer s.mu.Unlock()
	if *which == nil {
		made, err := newStream(to)
		if err != nil {
			return own
		}
		*which = made
		s.named.Store(true)
	}
	return (*which).file
}

// newStream starts copying. The copying ends when the file is closed, which the garbage collector does once nothing
// refers to it.
func newStream(to io.Writer) (*stream, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	conn, err := r.SyscallConn()
	if err != nil {
		return nil, err
	}
	e := &end{pipe: r, to: to, buffer: make([]byte, 32<<10)}
	if err := conn.Control(func(fd uintptr) { e.fd = int(fd) }); err != nil {
		return nil, err
	}
	go e.relay(conn)
	return &stream{file: w, end: e}, nil
}

// end is where what was written to a stream's file comes out.
type end struct {
	pipe *os.File
	to   io.Writer

	mu     sync.Mutex
	fd     int // of the pipe, which does not block; 0 when that is closed
	buffer []byte
}

// relay copies what is written as it comes, until the file is closed.
func (e *end) relay(conn syscall.RawConn) {
	_ = conn.Read(func(uintptr) bool {
		for {
			if empty, closed := e.drain(); empty || closed {
				return closed
			}
		}
	})
	e.mu.Lock()
	e.fd = 0
	e.mu.Unlock()
	_ = e.pipe.Close()
}

// drain copies what is in the pipe. It reads no more than a pipe holds: what is written meanwhile comes with the next call.
func (e *end) drain() (empty, closed bool) {
	const capacity = 64 << 10
	e.mu.Lock()
	defer e.mu.Unlock()
	for total := 0; total < capacity && e.fd > 0; {
		n, err := syscall.Read(e.fd, e.buffer)
		switch {
		case n > 0:
			_, _ = e.to.Write(e.buffer[:n])
			total += n
		case err == nil:
			return true, true
		case err != syscall.EINTR:
			return true, false
		}
	}
	return e.fd == 0, false
}

// Flush returns when everything that the task's code wrote so far has reached the task's writers. It costs little if that is
// nothing, and is called before compiled code is, so that the order of the two streams and of displays is kept.
func (t *Task) Flush() {
	if !t.streams.named.Load() {
		return
	}
	t.streams.mu.Lock()
	out, err := t.streams.out, t.streams.err
	t.streams.mu.Unlock()
	for _, s := range []*stream{out, err} {
		if s != nil {
			s.end.drain()
		}
	}
}
