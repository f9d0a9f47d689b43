package headless

import (
	"sync"

	"paperlab/kernel/display"
	"paperlab/kernel/nbformat"
)

// Outputs takes what one cell puts out, and keeps it as a front end would: text that follows text of the same stream is
// added to it, updates reach every output with their ID, in whichever cell that is. It is safe for concurrent use, and
// lives as long as the run; what comes later is dropped.
type Outputs struct {
	record *record
	cell   int // place in the notebook, from 0
	kept   []*output
	// clearing is set while clear_output waits for the next output.
	clearing bool
}

// output is one output of a cell. A stream's text grows in its own buffer.
type output struct {
	nbformat.Output
	id   string
	text []byte
}

// record is what the outputs of all cells share.
type record struct {
	mu      sync.Mutex
	notify  func(Event) // called in the order of the events, under the lock
	cells   []*Outputs  // of the cells that have begun
	stopped bool
}

// Stream adds text that a cell wrote to "stdout" or "stderr".
func (o *Outputs) Stream(name, text string) {
	if text == "" {
		return
	}
	o.locked(func() {
		o.clearIfDue()
		last := len(o.kept) - 1
		if last < 0 || o.kept[last].Type != nbformat.Stream || o.kept[last].Name != name {
			o.kept = append(o.kept, &output{Output: nbformat.Output{Type: nbformat.Stream, Name: name}})
			last++
		}
		o.kept[last].text = append(o.kept[last].text, text...)
		o.record.notify(OutputAdded{Cell: o.cell + 1, Output: nbformat.Output{Type: nbformat.Stream, Name: name, Text: text}})
	})
}

// Display adds an output. With an ID that is not empty, Update can redraw it.
func (o *Outputs) Display(id string, value display.Bundle) {
	o.add(id, nbformat.Output{Type: nbformat.DisplayData, Data: value.Data, Metadata: value.Metadata})
}

// Result adds what the last expression of a cell yields; number is the cell's execution count.
func (o *Outputs) Result(number int, value display.Bundle) {
	o.add("", nbformat.Output{Type: nbformat.ExecuteResult, ExecutionCount: &number, Data: value.Data, Metadata: value.Metadata})
}

func (o *Outputs) fail(f *Failure) {
	o.add("", nbformat.Output{Type: nbformat.Error, ErrorName: f.Name, ErrorValue: f.Value, Traceback: f.Traceback})
}

func (o *Outputs) add(id string, out nbformat.Output) {
	o.locked(func() {
		o.clearIfDue()
		o.kept = append(o.kept, &output{Output: out, id: id})
		o.record.notify(OutputAdded{Cell: o.cell + 1, DisplayID: id, Output: out})
	})
}

// Update gives all displays with the ID a new state. Without any it does nothing, as in Jupyter.
func (o *Outputs) Update(id string, value display.Bundle) {
	state := nbformat.Output{Type: nbformat.DisplayData, Data: value.Data, Metadata: value.Metadata}
	o.locked(func() {
		found := false
		for _, cell := range o.record.cells {
			for _, out := range cell.kept {
				if id != "" && out.id == id {
					out.Data, out.Metadata, found = state.Data, state.Metadata, true
				}
			}
		}
		if found {
			o.record.notify(OutputUpdated{Cell: o.cell + 1, DisplayID: id, Output: state})
		}
	})
}

// Clear removes the cell's outputs: at once, or, if it is to wait, when the next output comes, so that nothing flickers.
func (o *Outputs) Clear(wait bool) {
	o.locked(func() {
		o.clearing = true
		if !wait {
			o.clearIfDue()
		}
	})
}

func (o *Outputs) clearIfDue() {
	if o.clearing {
		o.clearing, o.kept = false, nil
		o.record.notify(OutputsCleared{Cell: o.cell + 1})
	}
}

func (o *Outputs) locked(do func()) {
	o.record.mu.Lock()
	defer o.record.mu.Unlock()
	if !o.record.stopped {
		do()
	}
}

// begin opens the outputs of the next cell.
func (r *record) begin(cell int) *Outputs {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := &Outputs{record: r, cell: cell}
	r.cells = append(r.cells, o)
	return o
}

// fill writes the outputs into the notebook.
func (r *record) fill(nb *nbformat.Notebook) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, o := range r.cells {
		outputs := make([]nbformat.Output, len(o.kept))
		for i, out := range o.kept {
			outputs[i] = out.Output
			if out.Type == nbformat.Stream {
				outputs[i].Text = string(out.text)
			}
		}
		nb.Cells[o.cell].Outputs = outputs
	}
}

// announce notifies of what is no output.
func (r *record) announce(e Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notify(e)
}

// stop drops what comes from now on.
func (r *record) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopped = true
}
