package tfevents

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"paperlab/tracker"
)

// A record is framed as TensorFlow's record_writer.cc does it, all little-endian: the length (8 bytes), a checksum of
// these 8 bytes, the data, a checksum of the data.
const (
	lengthSize   = 8
	checksumSize = 4
	headSize     = lengthSize + checksumSize
)

// MaxRecord is the length of the largest record that is read, in bytes: enough for an image of a plot, and what a file
// that claims more cannot make us allocate.
const MaxRecord = 256 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum is a CRC-32C, rotated and offset so that a checksum of data with checksums in it stays good.
func checksum(data []byte) uint32 {
	sum := crc32.Checksum(data, castagnoli)
	return (sum>>15 | sum<<17) + 0xa282ead8
}

// frame puts a record's head before the data and its checksum behind: the first headSize bytes of the buffer are left
// free for the head.
func frame(buffer []byte) []byte {
	data := buffer[headSize:]
	binary.LittleEndian.PutUint64(buffer, uint64(len(data)))
	binary.LittleEndian.PutUint32(buffer[lengthSize:], checksum(buffer[:lengthSize]))
	return binary.LittleEndian.AppendUint32(buffer, checksum(data))
}

// dataSize reads a record's head.
func dataSize(head []byte) (int, error) {
	if want, got := binary.LittleEndian.Uint32(head[lengthSize:]), checksum(head[:lengthSize]); got != want {
		return 0, fmt.Errorf("%w record: its length has the checksum %08x, not %08x", tracker.ErrCorrupt, got, want)
	}
	size := binary.LittleEndian.Uint64(head)
	if size > MaxRecord {
		return 0, fmt.Errorf("%w record: %d bytes, at most %d are read", tracker.ErrInvalid, size, MaxRecord)
	}
	return int(size), nil
}

// checkData compares a record's data with the checksum behind it.
func checkData(data, sum []byte) error {
	if want, got := binary.LittleEndian.Uint32(sum), checksum(data); got != want {
		return fmt.Errorf("%w record: its %d bytes have the checksum %08x, not %08x", tracker.ErrCorrupt, len(data), got, want)
	}
	return nil
}
