// Package live shows a training in the notebook while it goes on: [Training] is a hook of lib/train that draws a progress
// bar, the table of losses and metrics, and the loss curve, each redrawn in its place.
//
//	result, err := train.Fit(ctx, task, cfg, live.Training(), hook.New(run))
//
// It shows them where the context that Fit was given says, which in a cell is the cell's ctx.
package live
