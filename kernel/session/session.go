package session

import (
	"context"
	"errors"
	"sync"

	"paperlab/kernel/display"
	"paperlab/kernel/wire"
)

// Show takes what a cell shows: wire.Stream, wire.DisplayData, wire.UpdateDisplayData, wire.ClearOutput and
// wire.ExecuteResult. It is called in order, and goes on being called by goroutines that outlive their cell.
type Show func(wire.Content)

// Options are what a session needs of its surroundings. The zero value will do.
type Options struct {
	// Collect passes to [Session.Captured] what the process wrote to its standard descriptors before the call.
	Collect func()
	// Pace waits until those who look on have caught up with what was shown.
	Pace func(ctx context.Context)
	// Track returns what the magic %track shows: the live runs.
	Track func(ctx context.Context) (any, error)
	// Notebook is where the notebook's file lies; empty if that is not known.
	Notebook string
}

// Session is a notebook: what its cells have declared, and where they show things.
type Session struct {
	engine  Engine
	options Options
	waiting *waiting

	running sync.Mutex // held while a cell runs

	mu      sync.Mutex
	current *output        // of the running cell, or the last one
	sources map[int]string // of the cells by number, for quoting
}

// New returns a session without cells.
func New(engine Engine, options Options) *Session {
	if options.Collect == nil {
		options.Collect = func() {}
	}
	if options.Pace == nil {
		options.Pace = func(context.Context) {}
	}
	if options.Track == nil {
		options.Track = func(context.Context) (any, error) { return nil, errors.New("this kernel knows no tracker") }
	}
	return &Session{
		engine: engine, options: options, waiting: &waiting{outputs: map[*output]bool{}}, sources: map[int]string{},
	}
}

// Cell is a cell of the notebook to be run.
type Cell struct {
	Number int // its execution count
	Code   string
	Ask    display.Asker // asks the reader for input; nil if nobody can be asked
	// Page shows text beside the notebook, such as documentation. If it is nil the text is shown in the notebook.
	Page func(display.Bundle)
}

// Run runs a cell, magics and all, and returns its result as it was shown: the bundle has no data if there was none.
// Cancelling ctx interrupts the cell. The context goes on behind the cell's end, for goroutines that the cell leaves.
// [Session.Explain] words the error for the reader. When Run returns, all that was written before has been shown, by
// goroutines of earlier cells too.
func (s *Session) Run(ctx context.Context, cell Cell, show Show) (result display.Bundle, err error) {
	s.running.Lock()
	defer s.running.Unlock()
	out := newOutput(show, func() { s.pace(ctx) }, s.waiting)
	s.begin(cell, out)
	ctx = s.withNotebook(display.WithPublisher(ctx, publisher{s, out}))
	if cell.Ask != nil {
		ctx = display.WithInput(ctx, func(ctx context.Context, prompt string, password bool) (string, error) {
			s.flush(out)
			return cell.Ask(ctx, prompt, password)
		})
	}
	r := &run{session: s, ctx: ctx, cell: cell, out: out}
	values, err := r.steps()
	err = errors.Join(err, display.Flush(ctx))
	if err == nil {
		result, err = r.draw(values)
	}
	s.options.Collect()
	if err == nil && result.Data != nil {
		out.display(wire.ExecuteResult{ExecutionCount: cell.Number, Data: result.Data, Metadata: orEmpty(result.Metadata)})
	}
	out.finish()
	s.waiting.flush() // what goroutines of earlier cells wrote: whoever saves the notebook now finds it
	return result, err
}

// pace waits for the readers, and no longer when the cell is interrupted; what it leaves running waits again.
func (s *Session) pace(ctx context.Context) {
	if ctx.Err() != nil {
		ctx = context.WithoutCancel(ctx)
	}
	s.options.Pace(ctx)
}

// Evaluate runs an expression behind a cell and draws its value. What it prints belongs to the cell.
func (s *Session) Evaluate(ctx context.Context, number int, expression string) (display.Bundle, error) {
	s.running.Lock()
	defer s.running.Unlock()
	s.mu.Lock()
	out := s.current
	s.mu.Unlock()
	if out == nil {
		out = newOutput(func(wire.Content) {}, func() {}, s.waiting)
	}
	r := &run{session: s, ctx: ctx, cell: Cell{Number: number}, out: out}
	values, err := r.code(expression)
	if err != nil {
		return display.Bundle{}, err
	}
	return r.draw(values)
}

// begin makes the cell the one that captured output belongs to.
func (s *Session) begin(cell Cell, out *output) {
	s.options.Collect() // what came before belongs to the cell before
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = out
	s.sources[cell.Number] = cell.Code
}

// Captured takes what the process wrote to a standard descriptor, and shows it as output of the running cell or the last
// one. Before the first cell there is nowhere to show it.
func (s *Session) Captured(name string, data []byte) {
	s.mu.Lock()
	out := s.current
	s.mu.Unlock()
	if out != nil {
		out.write(name, data)
	}
}

// flush shows all that was written before the call.
func (s *Session) flush(out *output) {
	s.options.Collect()
	out.flush()
}

// source returns the code of a cell that has run, for quoting.
func (s *Session) source(cell int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sources[cell]
}

// orEmpty makes an empty object of nil metadata.
func orEmpty(metadata map[string]any) map[string]any {
	if metadata == nil {
		return map[string]any{}
	}
	return metadata
}
