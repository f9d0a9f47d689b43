package session

import (
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"paperlab/kernel/display"
	"paperlab/kernel/wire"
)

// The names of the streams of text, as the protocol has them.
const (
	stdout = "stdout"
	stderr = "stderr"
)

const (
	// maxText is the most text in one message, in bytes.
	maxText = 256 << 10
	// coalesce is how long text waits for more, so that many small writes become few messages.
	coalesce = 15 * time.Millisecond
)

// output is what one cell shows: text that is gathered a little, and displays, in the order in which they came. It outlives
// the cell, for goroutines that do. It is safe for concurrent use.
type output struct {
	show    Show
	pace    func()
	waiting *waiting

	mu       sync.Mutex
	decoders map[string]*decoder
	name     string // of the stream that text belongs to
	text     []byte // valid UTF-8 that is yet to be shown
	timer    *time.Timer
}

func newOutput(show Show, pace func(), waiting *waiting) *output {
	return &output{show: show, pace: pace, waiting: waiting, decoders: map[string]*decoder{stdout: {}, stderr: {}}}
}

// write adds text to a stream. It waits for the readers when there is much.
func (o *output) write(name string, p []byte) {
	if o.add(name, p) {
		o.pace()
	}
}

// add says whether text was shown that was too much to be gathered.
func (o *output) add(name string, p []byte) (much bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.name != name {
		o.emit()
		o.name = name
	}
	for len(p) > 0 {
		part := p[:min(len(p), maxText/8)]
		p = p[len(part):]
		o.text = o.decoders[name].decode(o.text, part)
		if len(o.text) > maxText/2 { // even if the next part is invalid, and grows threefold, it stays within maxText
			o.emit()
			much = true
		}
	}
	if len(o.text) > 0 && o.timer == nil {
		o.timer = time.AfterFunc(coalesce, o.flush)
		o.waiting.add(o)
	}
	return much
}

// emit shows the text that was gathered; mu is held.
func (o *output) emit() {
	if o.timer != nil {
		o.timer.Stop()
		o.timer = nil
		defer o.waiting.remove(o) // once it is shown
	}
	if len(o.text) > 0 {
		o.show(wire.Stream{Name: o.name, Text: string(o.text)})
		o.text = o.text[:0]
	}
}

// flush shows the text that was gathered.
func (o *output) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.emit()
}

// display shows something behind the text that came before it.
func (o *output) display(content wire.Content) {
	o.mu.Lock()
	o.emit()
	o.show(content)
	o.mu.Unlock()
	o.pace()
}

// finish shows the rest, the beginnings of characters included that were not brought to an end.
func (o *output) finish() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, name := range []string{o.name, stdout, stderr} {
		decoder, ok := o.decoders[name]
		if !ok || !decoder.begun() {
			continue
		}
		if o.name != name {
			o.emit()
			o.name = name
		}
		o.text = decoder.end(o.text)
	}
	o.emit()
}

// waiting are the outputs, of whichever cell, whose text waits for more. It is safe for concurrent use.
type waiting struct {
	mu      sync.Mutex
	outputs map[*output]bool
}

func (w *waiting) add(o *output) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.outputs[o] = true
}

func (w *waiting) remove(o *output) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.outputs, o)
}

// flush shows all text that was written before the call.
func (w *waiting) flush() {
	w.mu.Lock()
	outputs := slices.Collect(maps.Keys(w.outputs))
	w.mu.Unlock()
	for _, o := range outputs {
		o.flush()
	}
}

// writer returns one of the cell's streams.
func (o *output) writer(name string) io.Writer { return writer{o, name} }

type writer struct {
	out  *output
	name string
}

func (w writer) Write(p []byte) (int, error) {
	w.out.write(w.name, p)
	return len(p), nil
}

// publisher shows the displays of one cell.
type publisher struct {
	session *Session
	out     *output
}

// Publish shows a display behind all that was written before it.
func (p publisher) Publish(m display.Message) error {
	shown := wire.DisplayData{Data: m.Data, Metadata: orEmpty(m.Metadata), Transient: wire.Transient{DisplayID: m.DisplayID}}
	p.session.options.Collect()
	switch m.Kind {
	case display.DisplayData:
		p.out.display(shown)
	case display.UpdateDisplayData:
		p.out.display(wire.UpdateDisplayData(shown))
	case display.ClearOutput:
		p.out.display(wire.ClearOutput{Wait: m.Wait})
	}
	return nil
}
