package corpus

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
)

// sniffed is how much of a stream is looked at before the first line is read.
const sniffed = 4096

// line is one line of a stream. Its text, terminator included, is valid until the next one is read.
type line struct {
	number int // from 1
	text   []byte
}

// scan yields the lines of r, which is plain text or gzip, less a byte order mark. It holds one line in memory.
// An error ends it: ctx is done, r is not text, or r fails, in which case the piece of a line before the failure
// is not yielded and the error names the last line that was whole.
func scan(ctx context.Context, r io.Reader, name string) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		in, err := unwrap(bufio.NewReaderSize(r, 1<<16))
		if err != nil {
			yield(line{}, fmt.Errorf("%s: %w", name, err))
			return
		}
		var long []byte // a line that the reader's buffer cannot hold
		for n := 0; ; n++ {
			if ctx.Err() != nil {
				yield(line{}, fmt.Errorf("%s: reading stopped after line %d: %w", name, n, context.Cause(ctx)))
				return
			}
			var b []byte
			b, long, err = readLine(in, long[:0])
			if err != nil && err != io.EOF {
				yield(line{}, fmt.Errorf("%s: cannot be read past line %d: %w", name, n, whyUnreadable(err)))
				return
			}
			if len(b) > 0 && !yield(line{n + 1, b}, nil) || err == io.EOF {
				return
			}
		}
	}
}

// unwrap returns the text under r: decompressed, without its byte order mark, and known not to be of a kind whose
// lines would make no sense.
func unwrap(r *bufio.Reader) (*bufio.Reader, error) {
	if magic, _ := r.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(r)
		if err != nil {
			return nil, fmt.Errorf("cannot be read: %w", whyUnreadable(err))
		}
		r = bufio.NewReaderSize(unzipped, 1<<16)
	}
	head, err := r.Peek(sniffed)
	if err != nil && err != io.EOF && len(head) == 0 {
		return nil, fmt.Errorf("cannot be read: %w", whyUnreadable(err))
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = r.Discard(3) // peeked at: cannot fail
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return nil, errors.New("is UTF-16, not UTF-8 (convert it: iconv -f UTF-16 -t UTF-8)")
	case bytes.IndexByte(head, 0) >= 0:
		return nil, errors.New("is not text (unpack it, or give a file of JSON lines)")
	}
	return r, nil
}

// readLine returns the next line with its terminator. Lines longer than r's buffer are gathered in long, which is
// returned to be used again.
func readLine(r *bufio.Reader, long []byte) (text, buffer []byte, err error) {
	for {
		piece, err := r.ReadSlice('\n')
		if err == bufio.ErrBufferFull {
			long = append(long, piece...)
			continue
		}
		if len(long) == 0 {
			return piece, long, err
		}
		long = append(long, piece...)
		return long, long, err
	}
}

// whyUnreadable says of a damaged stream what to do about it.
func whyUnreadable(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("it ends early (fetch the file again): %w", err)
	case errors.As(err, &corrupt), errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return fmt.Errorf("it is damaged (fetch the file again): %w", err)
	}
	return err
}
