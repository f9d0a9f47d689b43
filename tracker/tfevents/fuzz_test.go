package tfevents_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"testing"

	"paperlab/tracker/tfevents"
)

// FuzzReader reads any bytes as a file: there are events, and then an end or an error.
func FuzzReader(f *testing.F) {
	f.Add(unhex(f, goldenHeader+goldenSimple+goldenTensor))
	f.Add(unhex(f, goldenHeader)[:30])
	f.Fuzz(func(t *testing.T, file []byte) {
		r := tfevents.NewReader(bytes.NewReader(file))
		for {
			if _, err := r.Next(); err != nil {
				return
			}
			if r.Offset() > int64(len(file)) {
				t.Fatalf("read up to byte %d of %d", r.Offset(), len(file))
			}
		}
	})
}

// FuzzEvent reads any bytes as an event, in a record whose checksums are right.
func FuzzEvent(f *testing.F) {
	file := write(f, func(w *tfevents.Writer) error {
		return errors.Join(
			w.HParams(goldenTime, tfevents.HParams{Params: map[string]any{"lr": 5e-5, "model": "t5", "fp16": true}}, []string{"loss"}),
			w.Text("summary", 2, goldenTime, "a **paper**"), w.Histogram("w", 4, goldenTime, tfevents.Histogram{Edges: []float64{-1, 0}, Counts: []float64{1}}),
			w.Image("plot", 3, goldenTime, tfevents.Image{Width: 2, Height: 3, Content: []byte("a PNG")}),
		)
	})
	for len(file) > 0 {
		n := binary.LittleEndian.Uint64(file)
		f.Add(file[12 : 12+n])
		file = file[16+n:]
	}
	f.Fuzz(func(t *testing.T, event []byte) {
		r := tfevents.NewReader(bytes.NewReader(record(event)))
		e, err := r.Next()
		if err == io.EOF {
			t.Fatal("a whole record is not read")
		}
		for _, value := range e.Values {
			if h, ok := value.Data.(tfevents.Histogram); ok && len(h.Counts) > 0 {
				if err := rewrite(value.Tag, h); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func rewrite(tag string, h tfevents.Histogram) error {
	w, err := tfevents.NewWriter(io.Discard, goldenTime)
	if err != nil {
		return err
	}
	return w.Histogram(tag, 0, goldenTime, h)
}

// record frames data, written down a second time from the description of the format.
func record(data []byte) []byte {
	masked := func(b []byte) uint32 {
		c := crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli))
		return (c>>15 | c<<17) + 0xa282ead8
	}
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(data)))
	out = binary.LittleEndian.AppendUint32(out, masked(out))
	return binary.LittleEndian.AppendUint32(append(out, data...), masked(data))
}
