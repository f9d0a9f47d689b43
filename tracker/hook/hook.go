package hook

import (
	"context"
	"errors"
	"math"
	"path"
	"path/filepath"

	"paperlab/lib/train"
	"paperlab/tracker/runs"
	"paperlab/tracker/sysmon"
)

// Option changes what a hook records.
type Option func(*recorder)

// Sampling says how the machine is sampled while the training goes on; as [sysmon.Options] do by themselves if it is not given.
// What libtorch holds on GPUs is sampled too, where Allocated says nothing else.
func Sampling(o sysmon.Options) Option { return func(r *recorder) { r.sampling = &o } }

// WithoutSampling leaves the samples of the machine out.
func WithoutSampling() Option { return func(r *recorder) { r.sampling = nil } }

// New returns a hook that logs a training to run, which somebody started with the training's parameters (train.Config.Params), and
// ends it with the training. Each event is durable before the training goes on:
//
//   - Logged: train/loss, train/learning_rate, train/grad_norm, train/epoch, process/memory_mb, and gpu/memory_mb on a GPU
//   - Evaluated: eval/loss, train/epoch_loss (the mean since the last evaluation), eval/epoch, eval/runtime_s, and eval/ before
//     the name of each other metric
//   - Measured: the metrics under their own names, such as test/loss and rouge/rouge1
//   - Tabled: the table under its key, such as validation/examples
//   - Saved: the tags checkpoint and best_checkpoint, the checkpoint's trainer_state.json as an artifact
//   - Finished: the status: finished; killed where the context was cancelled; else failed, with the tag error
//
// Meanwhile the machine is sampled into system/...: see [sysmon.Monitor.Sample].
//
// A loss that is NaN is logged as NaN; a memory figure that the system does not give is left out. No training ends because its
// record fails: [runs.Options].Warn is told, and what could not be logged is spooled ([runs.ErrSpooled]). The hook is one
// training's; the run may be shared.
func New(run *runs.Run, options ...Option) train.Hook {
	r := &recorder{run: run, sampling: &sysmon.Options{}, stop: func() {}}
	for _, option := range options {
		option(r)
	}
	return func(ctx context.Context, event train.Event) error {
		run.Warn(r.record(ctx, event))
		return nil
	}
}

// recorder records one training.
type recorder struct {
	run      *runs.Run
	sampling *sysmon.Options // nil for none
	stop     func()          // the samples
}

func (r *recorder) record(ctx context.Context, event train.Event) error {
	switch e := event.(type) {
	case train.Started:
		r.sample(ctx)
		return started(ctx, r.run, e)
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
		return r.run.Log(ctx, int64(e.Step), values)
	case train.Evaluated:
		return evaluated(ctx, r.run, e)
	case train.Measured:
		return r.run.Log(ctx, int64(e.Step), e.Metrics)
	case train.Tabled:
		return r.run.Table(ctx, e.Key, int64(e.Step), e.Columns, e.Rows)
	case train.Saved:
		return saved(ctx, r.run, e)
	case train.Finished:
		r.stop()
		return r.run.End(ctx, e.Err)
	}
	return nil
}

// sample starts to sample the machine.
func (r *recorder) sample(ctx context.Context) {
	if r.sampling == nil {
		return
	}
	o := *r.sampling
	if o.Warn == nil {
		o.Warn = r.run.Warn
	}
	if o.Allocated == nil {
		o.Allocated = allocated
	}
	r.stop = sysmon.Start(ctx, r.run, o)
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
	failures := []error{run.SetTag(ctx, checkpointTag, e.Dir)}
	if e.Best {
		failures = append(failures, run.SetTag(ctx, "best_checkpoint", e.Dir))
	}
	const state = "trainer_state.json"
	_, err := run.Artifact(ctx, path.Join(filepath.Base(e.Dir), state), filepath.Join(e.Dir, state))
	return errors.Join(append(failures, err)...)
}
