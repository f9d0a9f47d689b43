package compute

import (
	"context"
	"errors"
	"os"

	"paperlab/kernel/cli"
	"paperlab/kernel/display"
	"paperlab/kernel/headless"
	"paperlab/kernel/interp"
	"paperlab/kernel/session"
	"paperlab/kernel/wire"
)

// NotebookKernel returns how the verb nb run makes a kernel: one in this process, without sockets.
func NotebookKernel(track Track) cli.NewKernel {
	return func() (cli.Kernel, error) {
		out, err := newOutlet()
		if err != nil {
			return nil, err
		}
		engine, err := newEngine()
		if err != nil {
			return nil, errors.Join(err, out.Stop())
		}
		s := session.New(engine, session.Options{Collect: out.Flush, Track: track, Notebook: os.Getenv(cli.NotebookVariable)})
		out.session.Store(s)
		return &notebook{s, out}, nil
	}
}

// notebook runs cells for the headless run.
type notebook struct {
	session *session.Session
	out     *outlet
}

// Execute runs a cell.
func (n *notebook) Execute(ctx context.Context, number int, source string, out *headless.Outputs) error {
	_, err := n.session.Run(ctx, session.Cell{Number: number, Code: source}, func(c wire.Content) { put(out, c) })
	if err == nil {
		return nil
	}
	e := n.session.Explain(err)
	failure := &headless.Failure{Name: e.Name, Value: e.Value, Traceback: e.Traceback, Cause: err}
	var interrupted *interp.Interrupted
	if errors.As(err, &interrupted) {
		failure.Left = interrupted.Done
	}
	return failure
}

// put adds what a cell shows to its outputs.
func put(out *headless.Outputs, content wire.Content) {
	switch c := content.(type) {
	case wire.Stream:
		out.Stream(c.Name, c.Text)
	case wire.DisplayData:
		out.Display(c.Transient.DisplayID, display.Bundle{Data: c.Data, Metadata: c.Metadata})
	case wire.UpdateDisplayData:
		out.Update(c.Transient.DisplayID, display.Bundle{Data: c.Data, Metadata: c.Metadata})
	case wire.ExecuteResult:
		out.Result(c.ExecutionCount, display.Bundle{Data: c.Data, Metadata: c.Metadata})
	case wire.ClearOutput:
		out.Clear(c.Wait)
	}
}

// Close gives the process its standard output and error back.
func (n *notebook) Close() error { return n.out.Stop() }
