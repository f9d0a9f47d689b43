package interp

import (
	"context"

	"paperlab/kernel/interp/exec"
)

// Guard runs f, compiled code that calls methods of the notebook's types and deals with their panics itself, such as one
// that draws a cell's values. What the methods write goes to io, and cancelling ctx stops them.
func Guard(ctx context.Context, io IO, f func()) {
	task := exec.NewTask(ctx, io.Stdout, io.Stderr)
	task.Guard(f)
	task.Flush()
}
