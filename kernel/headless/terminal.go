package headless

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rivo/uniseg"

	"paperlab/kernel/nbformat"
)

// Terminal shows a run on a terminal: what cells print goes through as it is, displays appear as text and are redrawn
// where they stand as long as nothing else has been written below them. It is not safe for concurrent use.
type Terminal struct {
	out           page
	width, height int
	tail          []*shown // the displays at the lower end of what is written
	above         []*shown // those of the running cell that are above it
}

// NewTerminal returns a Terminal that writes to a terminal of this size, in characters.
func NewTerminal(out io.Writer, width, height int) *Terminal {
	return &Terminal{out: page{Writer: out}, width: width, height: height}
}

const (
	dim   = "\x1b[2m"
	reset = "\x1b[0m"
)

// Observe shows an event: give it to [Options]. Errors of the writer are ignored, as the notebook has all.
func (t *Terminal) Observe(e Event) {
	switch e := e.(type) {
	case CellStarted:
		t.out.line(dim + heading(e) + reset)
	case OutputAdded:
		t.add(e)
	case OutputUpdated:
		t.update(e)
	case OutputsCleared:
		t.erase(0)
		t.above, t.tail = nil, nil
	case CellLingers:
		t.above, t.tail = append(t.above, t.tail...), nil
		t.out.line(dim + indent + lingering(e) + reset)
	case CellEnded:
		t.end(e)
	}
}

func (t *Terminal) add(e OutputAdded) {
	if e.Output.Type == nbformat.Stream {
		t.above, t.tail = append(t.above, t.tail...), nil
		t.out.text(e.Output.Text)
		return
	}
	s := &shown{id: e.DisplayID, text: textOf(e.Output)}
	t.tail = append(t.tail, s)
	t.out.line(s.text)
}

// update redraws from the first display that changes to the end. A display that cannot be redrawn where it stands is shown
// anew when its cell ends.
func (t *Terminal) update(e OutputUpdated) {
	text, first := textOf(e.Output), len(t.tail)
	for i, s := range slices.Backward(t.tail) {
		if s.id == e.DisplayID {
			first = i
		}
	}
	inSight := t.erase(first)
	for _, s := range slices.Concat(t.above, t.tail) {
		if s.id == e.DisplayID {
			s.text, s.outdated = text, true
		}
	}
	if inSight {
		for _, s := range t.tail[first:] {
			t.out.line(s.text)
			s.outdated = false
		}
	}
}

// erase takes away the tail from its i-th display on, if all of it is still in sight.
func (t *Terminal) erase(i int) bool {
	rows := 0
	for _, s := range t.tail[i:] {
		rows += rowsOf(s.text, t.width)
	}
	if rows >= t.height {
		return false
	}
	if rows > 0 {
		t.out.text(fmt.Sprintf("\x1b[%dF\x1b[J", rows)) // to the first of them, and clear below
		t.out.inLine = false
	}
	return true
}

func (t *Terminal) end(e CellEnded) {
	for _, s := range slices.Concat(t.above, t.tail) {
		if s.outdated {
			t.out.line(s.text)
		}
	}
	t.above, t.tail = nil, nil
	if note := duration(e.Took); note != "" {
		t.out.line(dim + note + reset)
	}
}

// rowsOf is how many rows of the terminal a text takes.
func rowsOf(text string, width int) int {
	rows := 0
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		columns := uniseg.StringWidth(stripANSI(strings.ReplaceAll(line, "\t", "        ")))
		rows += max(1, (columns+width-1)/width)
	}
	return rows
}
