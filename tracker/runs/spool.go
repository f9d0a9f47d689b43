package runs

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"paperlab/tracker"
)

// ErrSpooled is in the chain of the error of a call whose store refused what it wrote (its disk is full, its server is
// gone): it is kept in a file on this machine, and written to the store later, once and in order.
var ErrSpooled = errors.New("kept in a spool file until the store takes it")

const (
	// A store that refused is left alone for a while, the longer the more time the refusal took, so that waiting for it
	// takes a small share of the program's time.
	shortestPause = 10 * time.Second
	longestPause  = 5 * time.Minute
	pauseShare    = 10
	// The disk that is full is often the only one, therefore an owned run begins with room of its own there: 10,000 calls.
	reserved = 2 << 20
)

// spool keeps what the store refuses of one handle, in a file of its own, which it has locked.
type spool struct {
	run string

	mu    sync.RWMutex // read-locked by calls that go straight to the store
	file  *os.File     // nil until there is need for one
	path  string       // of the file
	size  int64        // of the whole lines in it
	cause error        // why lines wait, here or in files of handles before; nil if none do
	next  atomic.Int64 // when to try the store again, in Unix time's nanoseconds
}

// errEarlier is why a new handle looks into the files of those before it.
var errEarlier = errors.New("what was kept earlier comes first")

// put writes a line to the store, or into the spool where the store refuses.
func (r *Run) put(ctx context.Context, op string, l line) error {
	if err := r.writable(op); err != nil {
		return err
	}
	for {
		if err := r.catchUp(ctx, false); err != nil {
			if ctx.Err() != nil {
				return err
			}
			return r.keep(op, l, err)
		}
		done, err := r.straight(ctx, l)
		switch {
		case !done: // another call was refused meanwhile, and comes first
		case refused(ctx, err):
			return r.keep(op, l, err)
		default:
			return err
		}
	}
}

// straight writes to the store unless lines wait.
func (r *Run) straight(ctx context.Context, l line) (done bool, err error) {
	s := &r.spool
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.cause != nil {
		return false, nil
	}
	begin := r.clock()
	if err = l.apply(ctx, r.store, r.id); refused(ctx, err) {
		s.rest(r.clock(), r.clock().Sub(begin))
	}
	return true, err
}

// catchUp writes to the store what waits for it. It fails where the store refuses, and unless it is urgent also where the
// store did so a moment ago.
func (r *Run) catchUp(ctx context.Context, urgent bool) error {
	s := &r.spool
	s.mu.RLock()
	waits := s.cause != nil
	s.mu.RUnlock()
	if !waits {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cause == nil || !urgent && r.clock().Before(s.nextTry()) {
		return s.cause
	}
	begin := r.clock()
	if err := drainRun(ctx, r.store, r.id, s); err != nil {
		s.rest(r.clock(), r.clock().Sub(begin))
		return err
	}
	s.cause = nil
	r.warn.forget()
	return nil
}

// keep puts a line into the spool.
func (r *Run) keep(op string, l line, cause error) error {
	s := &r.spool
	s.mu.Lock()
	defer s.mu.Unlock()
	var inner *tracker.Error
	if errors.As(cause, &inner) {
		cause = inner.Err
	}
	if err := l.normalize(); err != nil {
		return &tracker.Error{Op: op, On: r.id, Err: err}
	}
	if err := s.append(l); err != nil {
		return &tracker.Error{Op: op, On: r.id, Err: fmt.Errorf("%w; and it cannot be spooled: %w", cause, err), Advice: "make room on the disk"}
	}
	s.cause = cause
	return &tracker.Error{
		Op: op, On: r.id, Err: fmt.Errorf("%w: %w", cause, ErrSpooled),
		Advice: s.path + " is read when the store takes it, by this run or the next one on this machine",
	}
}

// rest leaves a store alone that took so long to refuse.
func (s *spool) rest(now time.Time, took time.Duration) {
	s.next.Store(now.Add(min(max(shortestPause, pauseShare*took), longestPause)).UnixNano())
}

func (s *spool) nextTry() time.Time { return time.Unix(0, s.next.Load()) }

// refused reports whether an error is the store's trouble, and not that of what was to be written.
func refused(ctx context.Context, err error) bool {
	if err == nil || ctx.Err() != nil {
		return false
	}
	for _, own := range []error{tracker.ErrInvalid, tracker.ErrNotFound, tracker.ErrExists, tracker.ErrEnded, tracker.ErrRunning} {
		if errors.Is(err, own) {
			return false
		}
	}
	return true
}

// append adds a line, durably, or leaves the file as it was.
func (s *spool) append(l line) error {
	if s.file == nil {
		if err := s.create(); err != nil {
			return err
		}
	}
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	_, err = s.file.WriteAt(append(text, '\n'), s.size)
	if err = errors.Join(err, s.file.Sync()); err != nil {
		return errors.Join(err, s.file.Truncate(s.size))
	}
	s.size += int64(len(text)) + 1
	return nil
}

// create makes the file, with room for what comes when the disk is full.
func (s *spool) create() error {
	id, err := tracker.NewID(time.Now(), rand.Reader)
	if err != nil {
		return err
	}
	var failures []error
	for _, folder := range spoolFolders() {
		path := filepath.Join(folder, s.run+"-"+id+spoolSuffix)
		file, err := createLocked(path)
		if err == nil {
			s.file, s.path = file, path
			s.reserve()
			return nil
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// createLocked makes a file that gets its name when it is locked: before, it would be taken for one that a process has left.
func createLocked(path string) (*os.File, error) {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	if err := checkPrivate(folder); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path+".new", os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB), os.Rename(file.Name(), path)); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// clear empties the file, whose lines are in the store.
func (s *spool) clear() error {
	if s.file == nil || s.size == 0 {
		return nil
	}
	if err := s.file.Truncate(0); err != nil {
		return err
	}
	s.size = 0
	s.reserve()
	return s.file.Sync()
}

// reserve takes room on the disk beyond the end of the file. Where the file system knows no such thing, or has no room now,
// lines may fit nevertheless.
func (s *spool) reserve() {
	_ = unix.Fallocate(int(s.file.Fd()), unix.FALLOC_FL_KEEP_SIZE, 0, reserved)
}

// close lets go of the file, and removes it if nothing waits in it.
func (s *spool) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		return nil
	}
	var err error
	if s.size == 0 {
		err = os.Remove(s.path)
	}
	err = errors.Join(err, s.file.Close())
	s.file = nil
	return err
}
