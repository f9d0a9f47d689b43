package tfevents

import (
	"errors"
	"fmt"
	"io"
)

// Reader reads the events of one file in order. It is not safe for concurrent use.
type Reader struct {
	decoder
	in     io.Reader
	buffer []byte // what was read and not yet given out
	offset int64  // of the buffer's first byte in the file
	err    error  // after which nothing is read any more
}

// NewReader begins to read a file.
func NewReader(in io.Reader) *Reader { return resume(in, 0, tags{}) }

// resume goes on at the offset of a record, to which in was brought, knowing the tags seen before it.
func resume(in io.Reader, offset int64, known tags) *Reader {
	return &Reader{decoder: decoder{known}, in: in, offset: offset}
}

// Offset returns how many bytes of the file are read and decoded: where the next record begins.
func (r *Reader) Offset() int64 { return r.offset }

// Next returns the next event. It returns io.EOF at the end of what has been written so far, in the middle of a record
// too; it may then be called again, since files grow. A record whose checksum is wrong gives [tracker.ErrCorrupt] with
// the record's offset, at every further call too: where the next one would begin is not known.
func (r *Reader) Next() (Event, error) {
	if r.err != nil {
		return Event{}, r.err
	}
	event, size, err := r.read()
	if err == io.EOF {
		return Event{}, io.EOF
	}
	if err != nil {
		r.err = fmt.Errorf("record at byte %d: %w", r.offset, err)
		return Event{}, r.err
	}
	r.buffer = r.buffer[size:]
	r.offset += int64(size)
	return event, nil
}

// read decodes the record at the buffer's beginning and returns its whole size.
func (r *Reader) read() (e Event, size int, err error) {
	if err := r.fill(headSize); err != nil {
		return e, 0, err
	}
	n, err := dataSize(r.buffer[:headSize])
	if err != nil {
		return e, 0, err
	}
	size = headSize + n + checksumSize
	if err := r.fill(size); err != nil {
		return e, 0, err
	}
	data := r.buffer[headSize : headSize+n]
	if err := checkData(data, r.buffer[headSize+n:size]); err != nil {
		return e, 0, err
	}
	e, err = r.event(data)
	return e, size, err
}

const chunk = 256 << 10

// fill reads until the buffer holds n bytes. It grows with what is there, not with what a length promises.
func (r *Reader) fill(n int) error {
	for len(r.buffer) < n {
		if cap(r.buffer)-len(r.buffer) < chunk/2 {
			r.buffer = append(make([]byte, 0, 2*len(r.buffer)+chunk), r.buffer...)
		}
		got, err := r.in.Read(r.buffer[len(r.buffer):cap(r.buffer)])
		r.buffer = r.buffer[:len(r.buffer)+got]
		if len(r.buffer) >= n {
			return nil
		}
		if err != nil {
			return err
		}
		if got == 0 {
			return errors.New("read: no bytes and no error")
		}
	}
	return nil
}
