package session

import (
	"context"

	"paperlab/kernel/interp"
)

// Engine runs Go; [interp.Interp] is one. Run is called for one cell at a time; Complete, Inspect and Names may be called
// meanwhile.
type Engine interface {
	Run(ctx context.Context, cell interp.Cell, io interp.IO) (interp.Result, error)
	Complete(source string, cursor int) interp.Completion
	Inspect(source string, cursor int) (interp.Inspection, bool)
	Names() []interp.Name
	Reset() error
}
