package headless

import (
	"time"

	"paperlab/kernel/nbformat"
)

// Event is something that happens while a notebook is run: one of the types below. Cell is the place of the cell in the
// notebook, counted from 1.
type Event interface{ event() }

// CellStarted opens the events of a cell.
type CellStarted struct {
	Cell, Cells int    // this one, and how many the notebook has
	Count       int    // its execution count
	Heading     string // the last one in the text between this cell and the one that was run before, if there is any
	Source      string
}

// OutputAdded carries a new output. Of text that lengthens the stream before it, Output holds what is new. DisplayID is
// empty for an output that cannot be updated.
type OutputAdded struct {
	Cell      int
	DisplayID string
	Output    nbformat.Output
}

// OutputUpdated carries the new state of all outputs with a display ID.
type OutputUpdated struct {
	Cell      int // that asked for it
	DisplayID string
	Output    nbformat.Output
}

// OutputsCleared says that the outputs that a cell has so far are gone.
type OutputsCleared struct {
	Cell int
}

// CellLingers says that the run waits for what an interrupted cell left running.
type CellLingers struct {
	Cell  int
	Limit time.Duration // after which it is left to itself
}

// CellEnded closes the events of a cell, except for what goroutines that outlive it put out.
type CellEnded struct {
	Cell  int
	Count int
	Took  time.Duration
	Err   *Failure // nil if it did not fail
}

func (CellStarted) event()    {}
func (OutputAdded) event()    {}
func (OutputUpdated) event()  {}
func (OutputsCleared) event() {}
func (CellLingers) event()    {}
func (CellEnded) event()      {}
