package tfevents

import (
	"fmt"
	"io"
	"math"
	"time"

	"paperlab/tracker"
)

// FileName gives an event file the name by which TensorBoard finds it. Writers that differ in host or id may write in one
// folder.
func FileName(created time.Time, host, id string) string {
	return fmt.Sprintf("events.out.tfevents.%010d.%s.%s", created.Unix(), host, id)
}

// Writer writes an event file. Each call writes one whole record at once, in the form that PyTorch's SummaryWriter
// uses; the underlying writer should be buffered. It is not safe for concurrent use.
type Writer struct {
	out    io.Writer
	buffer message
	shown  map[string]bool // tags whose plugin was named
}

// NewWriter begins an event file that was created at this time.
func NewWriter(out io.Writer, created time.Time) (*Writer, error) {
	w := &Writer{out: out, shown: map[string]bool{}}
	m := w.begin().double(1, seconds(created)).text(3, "brain.Event:2")
	return w, w.end(m)
}

// begin empties the buffer but for the head of the record, which is filled in at its end.
func (w *Writer) begin() message {
	var head [headSize]byte
	return append(w.buffer[:0], head[:]...)
}

func (w *Writer) end(m message) error {
	w.buffer = frame(m)
	_, err := w.out.Write(w.buffer)
	return err
}

// Scalar writes a number, rounded to a float32.
func (w *Writer) Scalar(tag string, step int64, at time.Time, value float64) error {
	// The lengths are known beforehand: nothing is built and copied.
	inner := 1 + sizeOfVarint(len(tag)) + len(tag) + 5
	m := w.begin().double(1, seconds(at)).uint(2, uint64(step))
	m = append(m, 5<<3|bytes)
	m = appendLength(m, 1+sizeOfVarint(inner)+inner)
	m = append(m, 1<<3|bytes)
	m = appendLength(m, inner)
	return w.end(m.text(1, tag).float(2, float32(value)))
}

func appendLength(m message, n int) message {
	for ; n >= 0x80; n >>= 7 {
		m = append(m, byte(n)|0x80)
	}
	return append(m, byte(n))
}

func sizeOfVarint(n int) int {
	size := 1
	for ; n >= 0x80; n >>= 7 {
		size++
	}
	return size
}

// Text writes a text, which TensorBoard shows as Markdown.
func (w *Writer) Text(tag string, step int64, at time.Time, body string) error {
	shape := message(nil).sub(2, message(nil).uint(1, 1))
	tensor := message(nil).uint(1, typeString).sub(2, shape).text(8, body)
	value := message(nil).text(1, tag).sub(8, tensor)
	if !w.shown[tag] {
		w.shown[tag] = true
		value = value.sub(9, message(nil).sub(1, message(nil).text(1, "text")))
	}
	return w.value(step, at, value)
}

// Image writes an image: a PNG, JPEG or GIF file.
func (w *Writer) Image(tag string, step int64, at time.Time, image Image) error {
	const rgba = 4
	value := message(nil).uint(1, uint64(image.Height)).uint(2, uint64(image.Width)).uint(3, rgba).text(4, string(image.Content))
	return w.value(step, at, message(nil).text(1, tag).sub(4, value))
}

// Histogram writes a histogram.
func (w *Writer) Histogram(tag string, step int64, at time.Time, h Histogram) error {
	if len(h.Counts) == 0 || len(h.Edges) != len(h.Counts)+1 {
		return fmt.Errorf("%w histogram %s: %d edges, %d counts", tracker.ErrInvalid, tag, len(h.Edges), len(h.Counts))
	}
	return w.value(step, at, message(nil).text(1, tag).sub(5, h.encode()))
}

// HParams writes the run's hyperparameters and names the metrics that the HParams tab shows beside them.
func (w *Writer) HParams(at time.Time, h HParams, metrics []string) error {
	if err := w.plugin(tagExperiment, at, encodeExperiment(h, metrics)); err != nil {
		return err
	}
	return w.plugin(tagSessionStart, at, encodeSessionStart(h))
}

// End writes how the run has ended, after [Writer.HParams].
func (w *Writer) End(at time.Time, end End) error {
	return w.plugin(tagSessionEnd, at, encodeSessionEnd(end.Status, end.Ended))
}

// plugin writes what the HParams plugin keeps: all of it is in the metadata, and the value is an empty tensor.
func (w *Writer) plugin(tag string, at time.Time, content message) error {
	tensor := message(nil).uint(1, typeFloat).sub(2, message(nil).sub(2, nil))
	data := message(nil).text(1, "hparams").sub(2, content)
	return w.value(0, at, message(nil).text(1, tag).sub(8, tensor).sub(9, message(nil).sub(1, data)))
}

func (w *Writer) value(step int64, at time.Time, value message) error {
	if len(value) > math.MaxInt32 {
		return fmt.Errorf("%w value: %d bytes are more than a protobuf message holds", tracker.ErrInvalid, len(value))
	}
	return w.end(w.begin().double(1, seconds(at)).uint(2, uint64(step)).sub(5, message(nil).sub(1, value)))
}
