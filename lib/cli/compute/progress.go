package compute

import (
	"context"
	"io"
	"time"

	"paperlab/lib/console"
	"paperlab/lib/train"
)

// show returns the hook that draws a training on w: a bar with the last loss, and a line for each evaluation.
func show(w io.Writer, label string) train.Hook {
	var bar *console.Progress
	var steps int
	return func(_ context.Context, event train.Event) error {
		switch e := event.(type) {
		case train.Started:
			steps = e.Steps
			bar = console.NewProgress(w, time.Now, console.Task{Label: label, Unit: "step", Total: int64(e.Steps), Done: int64(e.Step)})
			for _, broken := range e.Broken {
				bar.Linef("%s: passed over a damaged checkpoint: %v", label, broken)
			}
			if e.Resumed != "" {
				bar.Linef("%s: going on from %s", label, e.Resumed)
			}
			if e.FreshMoments {
				bar.Linef("%s: it is a checkpoint of transformers, whose optimizer state is not read: moments start at zero", label)
			}
		case train.Step:
			bar.Add(1, console.Value{Name: "loss", Value: e.Loss})
			// What follows the last step may have a bar of its own.
			if e.Step == steps {
				bar.End()
			}
		case train.Evaluated:
			bar.Linef("%s: epoch %.4g: training loss %.4f, validation loss %.4f", label, e.Epoch, e.TrainingLoss, e.Loss)
		case train.Finished:
			if bar != nil { // a training that could not start had none
				bar.End()
			}
		}
		return nil
	}
}
