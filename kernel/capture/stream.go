package capture

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// stream is one diverted descriptor.
type stream struct {
	fd       int
	original *os.File
	pipe     *os.File // where what is written to fd comes out
	source   int      // its descriptor, which does not block
	capacity int      // bytes that the pipe holds
	emit     func([]byte)

	mu     sync.Mutex
	buffer []byte
}

// divert makes a pipe of the descriptor.
func divert(fd int, emit func([]byte)) (*stream, error) {
	original, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, fmt.Errorf("keep descriptor %d: %w", fd, err)
	}
	s := &stream{fd: fd, original: os.NewFile(uintptr(original), fmt.Sprint("descriptor ", fd)), emit: emit, buffer: make([]byte, 64<<10)}
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		return nil, errors.Join(fmt.Errorf("make a pipe: %w", err), s.original.Close())
	}
	// A wide pipe lets a burst pass while the kernel is busy. Where it is refused the usual 64 KiB will do.
	const wide = 1 << 20
	_, _ = unix.FcntlInt(uintptr(ends[0]), unix.F_SETPIPE_SZ, wide)
	s.source = ends[0]
	s.capacity, err = unix.FcntlInt(uintptr(s.source), unix.F_GETPIPE_SZ, 0)
	err = errors.Join(err, unix.SetNonblock(s.source, true), unix.Dup3(ends[1], fd, 0), unix.Close(ends[1]))
	s.pipe = os.NewFile(uintptr(s.source), "pipe")
	if err != nil {
		return nil, errors.Join(err, s.pipe.Close(), s.original.Close())
	}
	return s, nil
}

// read emits what is written as it comes, until the pipe is closed.
func (s *stream) read() {
	conn, err := s.pipe.SyscallConn()
	if err != nil {
		return // closed already
	}
	// Its error says that the pipe was closed, which is how reading ends.
	_ = conn.Read(func(uintptr) bool {
		for !s.drain() {
		}
		return false // wait for more
	})
}

// drain emits what is in the pipe, and says whether nothing is left. It reads no more than the pipe holds: what is written
// meanwhile comes out with the next call.
func (s *stream) drain() (empty bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for total := 0; total < s.capacity; {
		n, err := unix.Read(s.source, s.buffer)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if n <= 0 {
			return true
		}
		s.emit(s.buffer[:n])
		total += n
	}
	return false
}

// restore points the descriptor to where it pointed before.
func (s *stream) restore() error {
	original, err := s.original.SyscallConn()
	if err != nil {
		return err
	}
	failed := original.Control(func(fd uintptr) { err = unix.Dup3(int(fd), s.fd, 0) })
	s.drain()
	return errors.Join(failed, err, s.pipe.Close(), s.original.Close())
}
