package exec

import (
	"bytes"
	"crypto/rand"
	"io"
	"os"
	"reflect"
	"sync"
)

// streams are the files that stand for os.Stdout and os.Stderr in a task's code, made when the code first names them.
type streams struct {
	mu       sync.Mutex
	out, err *stream
}

// stream is a pipe whose other end is copied to one of the task's writers.
type stream struct {
	file    *os.File
	mark    []byte // written by flush, and not passed on
	flushed chan struct{}
	mu      sync.Mutex // of flush
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
	s := &stream{file: w, mark: make([]byte, 16), flushed: make(chan struct{}, 1)}
	_, _ = rand.Read(s.mark)
	go relay(r, to, s.mark, s.flushed)
	return s, nil
}

// relay copies what is read to a writer, and says when it meets the mark.
func relay(r *os.File, to io.Writer, mark []byte, flushed chan<- struct{}) {
	defer func() { _ = r.Close() }()
	var pending []byte
	buffer := make([]byte, 64<<10)
	for {
		n, err := r.Read(buffer)
		pending = append(pending, buffer[:n]...)
		for {
			before, after, found := bytes.Cut(pending, mark)
			if !found {
				break
			}
			_, _ = to.Write(before)
			pending = append([]byte(nil), after...)
			flushed <- struct{}{}
		}
		keep := partial(pending, mark)
		if ready := len(pending) - keep; ready > 0 {
			_, _ = to.Write(pending[:ready])
			pending = append(pending[:0], pending[ready:]...)
		}
		if err != nil {
			_, _ = to.Write(pending)
			return
		}
	}
}

// partial tells how many bytes at the end may be the beginning of the mark.
func partial(data, mark []byte) int {
	for n := min(len(mark)-1, len(data)); n > 0; n-- {
		if bytes.HasPrefix(mark, data[len(data)-n:]) {
			return n
		}
	}
	return 0
}

// flush returns when everything written so far is copied.
func (s *stream) flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.file.Write(s.mark); err == nil {
		<-s.flushed
	}
}

// out is where fmt.Print writes: the same file as os.Stdout, if the code has named that, so that the order is kept.
func (t *Task) out() io.Writer {
	t.streams.mu.Lock()
	defer t.streams.mu.Unlock()
	if t.streams.out != nil {
		return t.streams.out.file
	}
	return t.stdout
}

// Flush returns when everything that the task's code wrote so far has reached the task's writers.
func (t *Task) Flush() {
	t.streams.mu.Lock()
	out, err := t.streams.out, t.streams.err
	t.streams.mu.Unlock()
	for _, s := range []*stream{out, err} {
		if s != nil {
			s.flush()
		}
	}
}
