package wire

import (
	"bytes"
	"testing"
)

// readMessage is not exported: what it reads is a socket's, and comes before any signature.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("\x01\x02ab\x00\x01c"))
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x00\x03abc"))
	f.Add([]byte("\x04\x05READY"))
	f.Add([]byte("\x02\x7f\xff\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bytes.NewReader(data)
		frames, _, err := readMessage(r)
		if err != nil {
			return
		}
		size := 0
		for _, frame := range frames {
			size += len(frame)
		}
		if read := len(data) - r.Len(); size > read-2*len(frames) {
			t.Fatalf("%d bytes in %d frames of %d bytes that were read", size, len(frames), read)
		}
	})
}
