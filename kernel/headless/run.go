package headless

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"time"

	"paperlab/kernel/nbformat"
)

// Options are how a notebook is run. The zero value of all but Now and Random will do.
type Options struct {
	Timeout     time.Duration // for each cell; 0 for none
	AllowErrors bool          // go on behind a cell that fails
	Patience    time.Duration // how long to wait for what an interrupted cell has to finish, such as saving a checkpoint
	Observe     func(Event)   // told of each event, one after another; it must not call the Outputs
	Now         func() time.Time
	Random      *rand.Rand // for the IDs of cells that have none
}

// The tags of cells by which a notebook says how to run it.
const (
	tagRaises = "raises-exception" // may fail
	tagSkip   = "skip-execution"   // is not run
)

// Run runs a notebook's code cells in their order and saves it to path before the first one and after each: a whole
// notebook of format 4.5 at any time. Outputs of an earlier run are removed. The folder in which cells run is the
// process's; Jupyter runs a notebook in its own.
//
// A cell that fails ends the run with a *CellError, unless all cells may fail or its tag raises-exception says that it
// may. So does one that runs into the timeout. If ctx is cancelled, the running cell is interrupted, the notebook saved,
// and the error is ctx's. Cells tagged skip-execution, and blank ones, are not run.
func Run(ctx context.Context, nb *nbformat.Notebook, path string, kernel Kernel, options Options) error {
	if err := prepare(nb, options.Random); err != nil {
		return err
	}
	if options.Observe == nil {
		options.Observe = func(Event) {}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends what goroutines of cells still do with their contexts
	r := &run{Options: options, nb: nb, path: path, kernel: kernel, record: &record{notify: options.Observe}}
	defer r.record.stop()
	return r.cells(ctx)
}

// run is a notebook that is being run.
type run struct {
	Options
	nb     *nbformat.Notebook
	path   string
	kernel Kernel
	record *record

	heading string // between the last cell and the next
}

// cells runs all cells.
func (r *run) cells(ctx context.Context) error {
	if err := r.nb.Save(r.path); err != nil {
		return err
	}
	count, before := 0, history{}
	for i := range r.nb.Cells {
		cell := &r.nb.Cells[i]
		if cell.Type == nbformat.Markdown {
			r.heading = cmp.Or(lastHeading(cell.Source), r.heading)
		}
		if !isRun(cell) {
			continue
		}
		if ctx.Err() != nil {
			return fmt.Errorf("before cell %d: %w", i+1, ctx.Err())
		}
		count++
		before.note(cell)
		failure := r.cell(ctx, i, count)
		r.record.fill(r.nb)
		if err := r.nb.Save(r.path); err != nil {
			return err
		}
		if failure != nil && (ctx.Err() != nil || !r.AllowErrors && !hasTag(cell, tagRaises)) {
			return &CellError{Cell: i + 1, Count: count, Line: firstLine(cell.Source), Err: r.reason(ctx, failure)}
		}
	}
	return nil
}

// reason is what a failed cell is reported with: an interrupt is the context's error.
func (r *run) reason(ctx context.Context, failure *Failure) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return failure
}

// cell runs one cell, and returns nil if it did not fail.
func (r *run) cell(ctx context.Context, i, count int) *Failure {
	cell, out := &r.nb.Cells[i], r.record.begin(i)
	cell.ExecutionCount = &count
	times := map[string]any{}
	cell.Metadata = with(cell.Metadata, "execution", times)

	started := r.Now()
	times["iopub.status.busy"], times["iopub.execute_input"] = timestamp(started), timestamp(started)
	r.record.announce(CellStarted{Cell: i + 1, Cells: len(r.nb.Cells), Count: count, Heading: r.heading, Source: cell.Source})
	r.heading = ""
	failure := r.execute(ctx, count, cell.Source, out)
	if failure != nil {
		r.settle(i, failure)
		out.fail(failure)
	}
	ended := r.Now()
	times["shell.execute_reply"], times["iopub.status.idle"] = timestamp(ended), timestamp(ended)
	r.record.announce(CellEnded{Cell: i + 1, Count: count, Took: ended.Sub(started), Err: failure})
	return failure
}

// settle waits for what an interrupted cell left running: when the run is over, the process ends, and that with it.
func (r *run) settle(i int, failure *Failure) {
	if failure.Left == nil || r.Patience <= 0 {
		return
	}
	r.record.announce(CellLingers{Cell: i + 1, Limit: r.Patience})
	timer := time.NewTimer(r.Patience)
	defer timer.Stop()
	select {
	case <-failure.Left:
	case <-timer.C:
	}
}

// execute calls the kernel within the timeout.
func (r *run) execute(ctx context.Context, count int, source string, out *Outputs) *Failure {
	if r.Timeout > 0 {
		// The cell's context outlives the cell: goroutines that it leaves go on with it, until Run cancels them all.
		limited, interrupt := context.WithCancelCause(ctx)
		timer := time.AfterFunc(r.Timeout, func() { interrupt(&TimeoutError{r.Timeout}) })
		defer timer.Stop()
		ctx = limited
	}
	err := r.kernel.Execute(ctx, count, source, out)
	if err == nil {
		return nil
	}
	var timeout *TimeoutError
	var failure *Failure
	switch {
	case errors.As(context.Cause(ctx), &timeout):
		late := &Failure{Name: "TimeoutError", Value: timeout.Error(), Traceback: []string{"TimeoutError: " + timeout.Error()}, Cause: timeout}
		if errors.As(err, &failure) {
			late.Traceback, late.Left = append(late.Traceback, failure.Traceback...), failure.Left
		}
		return late
	case errors.As(err, &failure):
		return failure
	}
	return &Failure{Name: "Error", Value: err.Error(), Traceback: []string{err.Error()}, Cause: err}
}

// prepare brings a notebook to the format that is written, and takes out what an earlier run left.
func prepare(nb *nbformat.Notebook, random *rand.Rand) error {
	if language := nb.Language(); language != "" && !strings.EqualFold(language, "go") {
		return fmt.Errorf("the notebook's language is %s, not Go", language)
	}
	nb.Upgrade(random)
	for i := range nb.Cells {
		if cell := &nb.Cells[i]; cell.Type == nbformat.Code {
			cell.Outputs, cell.ExecutionCount = nil, nil
			delete(cell.Metadata, "execution")
			delete(cell.Metadata, noteKey)
		}
	}
	nb.Metadata = with(nb.Metadata, "language_info", map[string]any{
		"name": "go", "version": strings.TrimPrefix(runtime.Version(), "go"), "mimetype": "text/x-go", "file_extension": ".go",
		"pygments_lexer": "go", "codemirror_mode": "go", "nbconvert_exporter": "",
	})
	return nil
}

// isRun says whether Run runs a cell.
func isRun(cell *nbformat.Cell) bool {
	return cell.Type == nbformat.Code && strings.TrimSpace(cell.Source) != "" && !hasTag(cell, tagSkip)
}

func hasTag(cell *nbformat.Cell, tag string) bool {
	tags, _ := cell.Metadata["tags"].([]any)
	return slices.Contains(tags, any(tag))
}

// with sets an entry of metadata, which may be nil.
func with(metadata map[string]any, key string, value any) map[string]any {
	if metadata == nil {
		metadata = map[string]any{}
	}
	metadata[key] = value
	return metadata
}

// timestamp is how nbclient writes a time.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// firstLine returns the first line of a source that is not blank.
func firstLine(source string) string {
	line, _, _ := strings.Cut(strings.TrimLeft(source, "\r\n\t "), "\n")
	return strings.TrimSpace(line)
}

// lastHeading returns the last heading of a Markdown cell that is marked by #, or nothing.
func lastHeading(source string) (heading string) {
	fenced := false
	for line := range strings.Lines(source) {
		switch title := strings.TrimLeft(line, "#"); {
		case strings.HasPrefix(line, "```"):
			fenced = !fenced
		case !fenced && title != line && strings.HasPrefix(title, " "):
			heading = strings.TrimSpace(title)
		}
	}
	return heading
}
