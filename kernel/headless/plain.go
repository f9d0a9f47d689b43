package headless

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"paperlab/kernel/nbformat"
)

// Plain shows a run as lines: outputs on one writer, errors and how far the run has come on another. What is redrawn in
// place is written as it first is, and once more when its cell ends; what changes in between is told every ten seconds.
// What a cell clears and shows again is written at its end. It is for files and pipes, where nothing can be redrawn, and not
// safe for concurrent use.
type Plain struct {
	out, err page
	now      func() time.Time
	told     time.Time // when it was last told what changes
	shown    []*shown  // displays of the running cell that have an ID
	holding  bool      // the cell has cleared its outputs, and may again
	held     []*shown
}

// between is how long it takes until it is told again what changes.
const between = 10 * time.Second

// page is a writer that knows whether the cursor is at the beginning of a line.
type page struct {
	io.Writer
	inLine bool
}

// shown is something that was written, or is to be.
type shown struct {
	id       string
	to       *page
	text     string
	known    string // what of it the reader has seen
	outdated bool   // text is not what was written
}

// NewPlain returns a Plain that writes to these two.
func NewPlain(out, err io.Writer, now func() time.Time) *Plain {
	return &Plain{out: page{Writer: out}, err: page{Writer: err}, now: now}
}

// Observe shows an event: give it to [Options]. Errors of the writers are ignored, as the notebook has all.
func (p *Plain) Observe(e Event) {
	switch e := e.(type) {
	case CellStarted:
		p.told = p.now()
		p.err.line(heading(e))
	case OutputAdded:
		p.add(e)
	case OutputUpdated:
		for _, s := range append(p.shown, p.held...) {
			if s.id == e.DisplayID {
				s.text, s.outdated = textOf(e.Output), true
			}
		}
		if p.now().Sub(p.told) >= between {
			p.tell()
		}
	case OutputsCleared:
		p.holding, p.held, p.shown = true, nil, nil
	case CellLingers:
		p.err.line(indent + lingering(e))
	case CellEnded:
		p.end(e)
	}
}

func (p *Plain) add(e OutputAdded) {
	s := &shown{id: e.DisplayID, to: &p.out, text: textOf(e.Output)}
	s.known = s.text
	if e.Output.Type == nbformat.Error || e.Output.Name == "stderr" {
		s.to = &p.err
	}
	if e.Output.Type == nbformat.Error {
		s.text = stripANSI(s.text)
	}
	if p.holding {
		p.held = append(p.held, s)
		return
	}
	s.write(e.Output.Type == nbformat.Stream)
	if s.id != "" {
		p.shown = append(p.shown, s)
	}
}

// tell writes those lines of the displays that the reader has not seen.
func (p *Plain) tell() {
	for _, s := range p.shown {
		known := strings.Split(s.known, "\n")
		for line := range strings.SplitSeq(s.text, "\n") {
			if !slices.Contains(known, line) {
				p.err.line(indent + line)
			}
		}
		s.known = s.text
	}
	p.told = p.now()
}

func (p *Plain) end(e CellEnded) {
	for _, s := range p.shown {
		if s.outdated {
			s.to.line(s.text)
		}
	}
	for _, s := range p.held {
		s.to.line(s.text)
	}
	p.shown, p.held, p.holding = nil, nil, false
	if note := duration(e.Took); note != "" {
		p.err.line(note)
	}
}

// write writes a stream's text as it is, and all else as lines of its own.
func (s *shown) write(asIs bool) {
	if asIs {
		s.to.text(s.text)
		return
	}
	s.to.line(s.text)
}

func (p *page) text(text string) {
	_, _ = io.WriteString(p, text)
	p.inLine = text != "" && !strings.HasSuffix(text, "\n")
}

// line writes text from the beginning of a line to the end of one.
func (p *page) line(text string) {
	if p.inLine {
		text = "\n" + text
	}
	p.text(strings.TrimSuffix(text, "\n") + "\n")
}

// heading says which cell runs.
func heading(e CellStarted) string {
	title := firstLine(e.Source)
	if e.Heading != "" {
		title = e.Heading + ": " + title
	}
	return fmt.Sprintf("[%d/%d] %s", e.Cell, e.Cells, title)
}

// lingering says what is waited for.
func lingering(e CellLingers) string {
	return fmt.Sprintf("interrupted; what it has to finish gets %v (Ctrl-C ends it at once)", e.Limit)
}

// indent sets what is said of a cell apart from what the cell says.
const indent = "      "

// duration tells of a cell that took long enough to be told of.
func duration(took time.Duration) string {
	if took < time.Second {
		return ""
	}
	return fmt.Sprintf(indent+"took %v", took.Round(100*time.Millisecond))
}

// textOf returns an output as text: what is not text is named.
func textOf(out nbformat.Output) string {
	switch out.Type {
	case nbformat.Stream:
		return out.Text
	case nbformat.Error:
		return strings.Join(out.Traceback, "\n")
	}
	for _, mime := range []string{"text/plain", "text/markdown", "text/latex"} {
		if text, ok := out.Data[mime].(string); ok {
			return text
		}
	}
	for mime := range out.Data {
		return "[" + mime + "]"
	}
	return ""
}

// escapes are ANSI's sequences: CSI with its parameters, OSC up to its end, and those of two characters.
var escapes = regexp.MustCompile(`\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])`)

func stripANSI(text string) string { return escapes.ReplaceAllString(text, "") }
