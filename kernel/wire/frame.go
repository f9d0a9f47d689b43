package wire

import (
	"encoding/binary"
	"fmt"
	"io"
)

// The flags of a ZMTP 3.0 frame (https://rfc.zeromq.org/spec/23/).
const (
	flagMore    = 1 << 0
	flagLong    = 1 << 1
	flagCommand = 1 << 2
)

// What is read of a message before its sender is taken for broken or hostile. The largest that a front end sends are a
// notebook's longest cell and the binary buffers of comms.
const (
	maxMessage = 256 << 20 // bytes
	maxFrames  = 1 << 12
)

var errTooLarge = fmt.Errorf("it sent a message of more than %d bytes or %d frames", maxMessage, maxFrames)

// readMessage reads the frames of a message, or a command. zmq4's own reader allocates whatever length a frame claims to
// have; this one allocates as the bytes come.
func readMessage(r io.Reader) (frames [][]byte, command bool, err error) {
	size := uint64(0)
	for more := true; more; {
		var header [9]byte // flags, and a length of 1 or 8 bytes
		if _, err := io.ReadFull(r, header[:2]); err != nil {
			return nil, false, err
		}
		flags, length := header[0], uint64(header[1])
		if flags&flagLong != 0 {
			if _, err := io.ReadFull(r, header[2:]); err != nil {
				return nil, false, err
			}
			length = binary.BigEndian.Uint64(header[1:])
		}
		if length > maxMessage || size+length > maxMessage || len(frames) == maxFrames {
			return nil, false, errTooLarge
		}
		size += length
		frame, err := readBytes(r, int(length))
		if err != nil {
			return nil, false, err
		}
		frames = append(frames, frame)
		more, command = flags&flagMore != 0, flags&flagCommand != 0
	}
	return frames, command, nil
}

// readBytes reads length bytes into memory that grows with them.
func readBytes(r io.Reader, length int) ([]byte, error) {
	const trusted = 64 << 10
	if length <= trusted {
		frame := make([]byte, length)
		_, err := io.ReadFull(r, frame)
		return frame, err
	}
	frame, err := io.ReadAll(io.LimitReader(r, int64(length)))
	if err == nil && len(frame) < length {
		err = io.ErrUnexpectedEOF
	}
	return frame, err
}
