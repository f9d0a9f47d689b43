package headless

import (
	"slices"
	"strings"

	"paperlab/kernel/nbformat"
)

// State is what is wrong with the outputs of a cell.
type State string

// The states of cells whose outputs are not to be relied on.
const (
	NotRun     State = "not run"      // it has no execution count
	Failed     State = "failed"       // its outputs end in an error, and its tag raises-exception does not say that it may
	Changed    State = "changed"      // its source is not the one that was run
	Outdated   State = "outdated"     // a cell before it was changed, moved, added or removed since
	OutOfOrder State = "out of order" // its execution count is not above that of the cell before it
	Unknown    State = "unknown"      // it was run by something else than Run, which did not note what it ran
)

// Stale is a cell whose outputs are not to be relied on.
type Stale struct {
	Cell  int // its place in the notebook, counted from 1
	State State
	Line  string // the first line of its source
}

// Check compares the outputs of a notebook with its cells. It returns the cells whose outputs may not be what running the
// notebook now, from the top, would give; each with what is most wrong with it, and none if all is well.
func Check(nb *nbformat.Notebook) []Stale {
	var stale []Stale
	var before history
	last := 0
	for i := range nb.Cells {
		cell := &nb.Cells[i]
		if !isRun(cell) {
			continue
		}
		if state := stateOf(cell, before.String(), last); state != "" {
			stale = append(stale, Stale{Cell: i + 1, State: state, Line: firstLine(cell.Source)})
		}
		before.add(cell.Source)
		if cell.ExecutionCount != nil {
			last = *cell.ExecutionCount
		}
	}
	return stale
}

// stateOf returns the state of a cell, given the history of those before it and the last execution count, or nothing.
func stateOf(cell *nbformat.Cell, before string, last int) State {
	source, then, known := noted(cell)
	switch {
	case cell.ExecutionCount == nil:
		return NotRun
	case known && source != hash(cell.Source):
		return Changed
	case hasFailed(cell):
		return Failed
	case known && then != before:
		return Outdated
	case *cell.ExecutionCount <= last:
		return OutOfOrder
	case !known:
		return Unknown
	}
	return ""
}

func hasFailed(cell *nbformat.Cell) bool {
	return !hasTag(cell, tagRaises) && slices.ContainsFunc(cell.Outputs, func(out nbformat.Output) bool { return out.Type == nbformat.Error })
}

// Explain says in words what a state means.
func (s State) Explain() string {
	switch s {
	case NotRun:
		return "not run"
	case Failed:
		return "failed"
	case Changed:
		return "changed after it was run"
	case Outdated:
		return "run before the cells above it became what they are"
	case OutOfOrder:
		return "not run after the cell above it"
	case Unknown:
		return "not run by paperlab nb run: whether it was changed since cannot be told"
	}
	return strings.TrimSpace(string(s))
}
