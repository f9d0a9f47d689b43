package hook

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path"
	"path/filepath"

	"paperlab/lib/train"
	"paperlab/tracker"
	"paperlab/tracker/runs"
)

// New returns a hook that logs a training to run, which somebody started with the training's parameters (train.Config.Params), and
// ends it with the training. Each event is durable before the training goes on:
//
//   - Logged: train/loss, train/learning_rate, train/grad_norm, train/epoch, process/memory_mb, and gpu/memory_mb on a GPU
//   - Evaluated: eval/loss, train/epoch_loss (the mean since the last evaluation), eval/epoch, eval/runtime_s, and eval/ before
//     the name of each other metric
//   - Measured: the metrics under their own names, such as test/loss and rouge/rouge1
//   - Saved: the tags checkpoint and best_checkpoint, the checkpoint's trainer_state.json as an artifact
//   - Finished: the status: finished; killed where the context was cancelled; else failed, with the tag error
//
// A loss that is NaN is logged as NaN; a memory figure that the system does not give is left out. The hook is one training's; the run may be shared.
func New(run *runs.Run) train.Hook {
	return func(ctx context.Context, event train.Event) error {
		switch e := event.(type) {
		case train.Started:
			return started(ctx, run, e)
		case train.Logged:
			values := map[string]float64{
				"train/loss": e.Loss, "train/learning_rate": e.LearningRate, "train/grad_norm": e.GradNorm, "train/epoch": e.Epoch,
			}
			if !math.IsNaN(e.MemoryMB) {
				values["process/memory_mb"] = e.MemoryMB
			}
			if !math.IsNaN(e.GPUMemoryMB) {
				values["gpu/memory_mb"] = e.GPUMemoryMB
			}
			return run.Log(ctx, int64(e.Step), values)
		case train.Evaluated:
			return evaluated(ctx, run, e)
		case train.Measured:
			return run.Log(ctx, int64(e.Step), e.Metrics)
		case train.Saved:
			return saved(ctx, run, e)
		case train.Finished:
			return finished(ctx, run, e)
		}
		return nil
	}
}

func started(ctx context.Context, run *runs.Run, e train.Started) error {
	if e.Resumed == "" {
		return nil
	}
	return run.SetTag(ctx, "resumed_from", e.Resumed)
}

func evaluated(ctx context.Context, run *runs.Run, e train.Evaluated) error {
	values := map[string]float64{
		"eval/loss": e.Loss, "train/epoch_loss": e.TrainingLoss, "eval/epoch": e.Epoch, "eval/runtime_s": e.Runtime.Seconds(),
	}
	for name, value := range e.Metrics {
		values["eval/"+name] = value
	}
	return run.Log(ctx, int64(e.Step), values)
}

// checkpointTag is the tag that holds a run's newest checkpoint, by which a resumed training finds its run.
const checkpointTag = "checkpoint"

func saved(ctx context.Context, run *runs.Run, e train.Saved) error {
	if err := run.SetTag(ctx, checkpointTag, e.Dir); err != nil {
		return err
	}
	if e.Best {
		if err := run.SetTag(ctx, "best_checkpoint", e.Dir); err != nil {
			return err
		}
	}
	const state = "trainer_state.json"
	_, err := run.Artifact(ctx, path.Join(filepath.Base(e.Dir), state), filepath.Join(e.Dir, state))
	return err
}

func finished(ctx context.Context, run *runs.Run, e train.Finished) error {
	switch {
	case e.Err == nil:
		return run.Finish(ctx, tracker.Finished)
	case errors.Is(e.Err, context.Canceled):
		return run.Finish(ctx, tracker.Killed)
	}
	// The run is ended even where its store takes no tag.
	return errors.Join(run.SetTag(ctx, "error", fmt.Sprint(e.Err)), run.Finish(ctx, tracker.Failed))
}
