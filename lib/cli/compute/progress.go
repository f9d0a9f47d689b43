package compute

import (
	"context"
	"io"
	"time"

	"paperlab/lib/console"
	"paperlab/lib/train"
)

// show returns the hook that draws a training: a bar with the last loss, and a line for each epoch.
func show(w io.Writer, label string) train.Hook {
	var bar *console.Progress
	return func(_ context.Context, event train.Event) error {
		switch e := event.(type) {
		case train.Started:
			bar = console.NewProgress(w, time.Now, console.Task{Label: label, Unit: "step", Total: int64(e.Steps), Done: int64(e.Step)})
		case train.Step:
			bar.Add(1, console.Value{Name: "loss", Value: e.Loss})
		case train.Evaluated:
			bar.Linef("%s: epoch %.4g: training loss %.4f, validation loss %.4f", label, e.Epoch, e.TrainingLoss, e.Loss)
		case train.Finished:
			bar.End()
		}
		return nil
	}
}
