package tee

import (
	"errors"
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"
)

// A child process may hold a stream open for as long as it likes; then the rest of what it says is not waited for.
const patience = time.Second

// stream is one diverted descriptor.
type stream struct {
	fd       int
	original *os.File // a copy of what the descriptor was
	reader   *os.File // of what is written now
	done     chan struct{}
	resize   func() // ends following the terminal's size
}

// divert puts a pipe in place of a descriptor, or a terminal of our own in place of one.
func divert(fd int, emit func([]byte)) (*stream, error) {
	copied, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, err
	}
	s := &stream{fd: fd, original: os.NewFile(uintptr(copied), "original"), done: make(chan struct{}), resize: func() {}}
	writer, err := s.open()
	if err != nil {
		return nil, errors.Join(err, s.original.Close())
	}
	err = unix.Dup3(int(writer.Fd()), fd, 0)
	if err = errors.Join(err, writer.Close()); err != nil {
		s.resize()
		return nil, errors.Join(err, s.reader.Close(), s.original.Close())
	}
	go s.copy(emit)
	return s, nil
}

// open makes what takes the descriptor's place.
func (s *stream) open() (writer *os.File, err error) {
	size, err := unix.IoctlGetWinsize(int(s.original.Fd()), unix.TIOCGWINSZ)
	if err != nil { // no terminal
		s.reader, writer, err = os.Pipe()
		return writer, err
	}
	s.reader, writer, err = openTerminal(size)
	if err != nil {
		return nil, err
	}
	s.resize = follow(int(s.original.Fd()), s.reader)
	return writer, nil
}

// copy hands on what is written until nobody can write any more. What the original refuses, a reader having gone away, is
// emitted nevertheless.
func (s *stream) copy(emit func([]byte)) {
	defer close(s.done)
	buffer := make([]byte, 32<<10)
	for {
		n, err := s.reader.Read(buffer)
		if n > 0 {
			_, _ = s.original.Write(buffer[:n])
			emit(buffer[:n])
		}
		if err != nil {
			return
		}
	}
}

// restore gives the descriptor back. Our ends being closed, the reader comes to its end.
func (s *stream) restore() error {
	err := unix.Dup3(int(s.original.Fd()), s.fd, 0)
	s.resize()
	select {
	case <-s.done:
	case <-time.After(patience):
		err = errors.Join(err, s.reader.SetReadDeadline(time.Now()))
		<-s.done
	}
	return errors.Join(err, s.reader.Close(), s.original.Close())
}

// follow gives a terminal the size of another whenever that changes, until rest is called.
func follow(from int, to *os.File) (rest func()) {
	changes, done, ended := make(chan os.Signal, 1), make(chan struct{}), make(chan struct{})
	signal.Notify(changes, unix.SIGWINCH)
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-changes:
				if size, err := unix.IoctlGetWinsize(from, unix.TIOCGWINSZ); err == nil {
					_ = unix.IoctlSetWinsize(int(to.Fd()), unix.TIOCSWINSZ, size) // a size that cannot be set is not worth an end
				}
			}
		}
	}()
	return func() {
		signal.Stop(changes)
		close(done)
		<-ended
	}
}
