package store

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// query is the first byte of what a client asks.
type query byte

const (
	validate query = iota
	set
	compareSet
	get
	add
	check
	wait
	countKeys
	deleteKey
	appendTo
	getMany
	setMany
	cancelWait
	ping
)

const (
	magic = 0x3C85F7CE // behind validate, which comes first

	ready, notReady = 0, 1 // answers to check
	came, canceled  = 0, 1 // answers to wait

	mostBytes = 64 << 20 // of a key or a value
	mostKeys  = 1 << 20  // in one query
)

// workers is the key at which the ranks of a Python rank 0 are counted, the only one that has no slash before it on the wire.
const workers = "init/"

// wireKey is a key as it stands on the wire.
func wireKey(key string) string {
	if key == workers {
		return key
	}
	return "/" + key
}

// message is a query or an answer that is put together.
type message []byte

func ask(q query) message { return message{byte(q)} }

func (m message) number(n uint64) message { return binary.LittleEndian.AppendUint64(m, n) }

func (m message) word(n uint32) message { return binary.LittleEndian.AppendUint32(m, n) }

func (m message) bytes(value []byte) message { return append(m.number(uint64(len(value))), value...) }

func (m message) key(key string) message { return m.bytes([]byte(wireKey(key))) }

func (m message) keys(keys []string) message {
	m = m.number(uint64(len(keys)))
	for _, key := range keys {
		m = m.key(key)
	}
	return m
}

// reader takes messages apart; the first failure stays.
type reader struct {
	from *bufio.Reader
	err  error
}

func (r *reader) fill(to []byte) {
	if r.err == nil {
		_, r.err = io.ReadFull(r.from, to)
	}
}

func (r *reader) byte() byte {
	var b [1]byte
	r.fill(b[:])
	return b[0]
}

func (r *reader) word() uint32 {
	var b [4]byte
	r.fill(b[:])
	return binary.LittleEndian.Uint32(b[:])
}

func (r *reader) number() uint64 {
	var b [8]byte
	r.fill(b[:])
	return binary.LittleEndian.Uint64(b[:])
}

// length reads how many bytes or keys follow.
func (r *reader) length(most uint64) int {
	n := r.number()
	if r.err == nil && n > most {
		r.err = fmt.Errorf("a length of %d, more than %d", n, most)
	}
	if r.err != nil {
		return 0
	}
	return int(n)
}

func (r *reader) bytes() []byte {
	n := r.length(mostBytes)
	// Memory comes with the bytes, not with the promise of them.
	value, err := io.ReadAll(io.LimitReader(r.from, int64(n)))
	if r.err == nil && len(value) < n {
		r.err = errors.Join(err, io.ErrUnexpectedEOF)
	}
	return value
}

func (r *reader) text() string { return string(r.bytes()) }

func (r *reader) texts() []string {
	var texts []string
	for range r.length(mostKeys) {
		if r.err != nil {
			return nil
		}
		texts = append(texts, r.text())
	}
	return texts
}
