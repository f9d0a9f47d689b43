package dist

import (
	"encoding/binary"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"paperlab/lib/dist/native"
)

// Where torch.distributed's default group keeps the records of gloo, for tensors of the processor, and of NCCL.
const glooPrefix, ncclPrefix = "default_pg/0//cpu//", "default_pg/0//cuda//"

// below is the part of a store whose keys have a prefix.
type below struct {
	native.Store
	prefix string
}

func (b below) Set(key string, value []byte) error { return b.Store.Set(b.prefix+key, value) }

func (b below) Get(key string) ([]byte, error) { return b.Store.Get(b.prefix + key) }

func (b below) Wait(keys ...string) error {
	whole := make([]string, len(keys))
	for i, key := range keys {
		whole[i] = b.prefix + key
	}
	return b.Store.Wait(whole...)
}

// rendezvous is the store as the gloo of libtorch 2.1 uses it, kept in the records of the gloo of torch 2.6 and later, so that ranks of
// both find each other. The old one keeps, under 0/rank_R, the name of rank R's machine and, under 0/R, an address for
// each other rank, which differ in a number only. The new one keeps under 0/R one record:
//
//	length, name of the machine; length, address with the number -1; a number for each rank, its own 0
type rendezvous struct {
	below
	rank, size int
	machine    []byte // of this rank, until its addresses come
	missed     error  // why the record of another rank did not come
}

// An address is gloo's transport/tcp/address.h: a sockaddr_storage and a number.
const (
	socketBytes  = 128
	addressBytes = socketBytes + 8
)

func (r *rendezvous) Set(key string, value []byte) error {
	switch peer, kind := r.parse(key); {
	case kind == machineName && peer == r.rank:
		r.machine = value
		return nil
	case kind == addresses && peer == r.rank && len(value) == addressBytes*(r.size-1):
		value = r.record(value)
	}
	return r.below.Set(key, value)
}

func (r *rendezvous) Get(key string) ([]byte, error) {
	peer, kind := r.parse(key)
	value, err := r.below.Get(recordKey(key, peer, kind))
	if err != nil || kind == other {
		return value, err
	}
	machine, each, err := split(value, peer, r.size)
	if err != nil {
		return nil, fmt.Errorf("dist: the record of rank %d: %w (do all ranks run torch 2.6 or later, or Paperlab?)", peer, err)
	}
	if kind == machineName {
		return machine, nil
	}
	return each, nil
}

func (r *rendezvous) Wait(keys ...string) error {
	for _, key := range keys {
		peer, kind := r.parse(key)
		if err := r.below.Wait(recordKey(key, peer, kind)); err != nil {
			r.missed = fmt.Errorf("rank %d did not come: %w", peer, err)
			return r.missed
		}
	}
	return nil
}

// What a key of gloo's is for.
type keyKind int

const (
	other keyKind = iota
	machineName
	addresses
)

func (r *rendezvous) parse(key string) (rank int, kind keyKind) {
	last := path.Base(key)
	text, named := strings.CutPrefix(last, "rank_")
	rank, err := strconv.Atoi(text)
	switch {
	case err != nil || rank < 0 || rank >= r.size:
		return 0, other
	case named:
		return rank, machineName
	}
	return rank, addresses
}

// recordKey is where the new gloo keeps what the old one has at key.
func recordKey(key string, rank int, kind keyKind) string {
	if kind != machineName {
		return key
	}
	return path.Dir(key) + "/" + strconv.Itoa(rank)
}

// record makes one of this rank's addresses.
func (r *rendezvous) record(each []byte) []byte {
	number := binary.LittleEndian
	record := number.AppendUint64(nil, uint64(len(r.machine)))
	record = append(record, r.machine...)
	record = number.AppendUint64(record, addressBytes)
	record = append(record, each[:socketBytes]...)
	record = number.AppendUint64(record, ^uint64(0))
	for peer := range r.size {
		if peer == r.rank {
			record = number.AppendUint64(record, 0)
			continue
		}
		record = append(record, each[socketBytes:addressBytes]...)
		each = each[addressBytes:]
	}
	return record
}

// split takes a record apart into the machine's name and an address for each rank but its own.
func split(record []byte, rank, size int) (machine, each []byte, err error) {
	errShort := errors.New("it is of another form")
	take := func(n uint64) (part []byte) {
		if n > uint64(len(record)) {
			err = errShort
			return make([]byte, 8)
		}
		part, record = record[:n], record[n:]
		return part
	}
	number := binary.LittleEndian
	machine = take(number.Uint64(take(8)))
	if n := number.Uint64(take(8)); err == nil && (n != addressBytes || len(record) != addressBytes+8*size) {
		err = errShort
	}
	if err != nil {
		return nil, nil, err
	}
	socket, numbers := record[:socketBytes], record[addressBytes:]
	for peer := range size {
		if peer != rank {
			each = append(append(each, socket...), numbers[8*peer:8*peer+8]...)
		}
	}
	return machine, each, nil
}
