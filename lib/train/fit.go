package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"time"

	"paperlab/lib/dist"
	"paperlab/lib/optim"
	"paperlab/lib/tensor"
)

// Fit trains a model and returns how it ended, with the best model's weights loaded: the best by Config.Metric where there are a
// validation set and checkpoints, else the last. An evaluation between two checkpoints may be the best; its weights are
// gone then, and the last stay, as with Trainer.
//
// Within a step the order is that of Trainer of transformers 4.49: the batches' gradients, each loss divided by Accumulation;
// clipping; the optimizer; the schedule; the hooks; then log, evaluate, save, each where its interval says so.
//
// Where ctx is cancelled, or anything fails, the last complete step is saved as a checkpoint, the hooks are told [Finished], and the
// error says after which step; the result is returned beside it. A training that is resumed from a checkpoint goes
// on bit by bit as if it had not been interrupted (with the same number of threads and kind of processor).
//
// A loss that is NaN is logged as NaN. A step whose gradients are not all finite leaves the weights and the
// optimizer as they were, where Trainer would make every weight NaN; ten such steps in a row end the training with
// [ErrDiverged].
//
// A new training moves the checkpoints that it finds in Config.Output to the folder "previous" in it, in place of what was
// there; a resumed one moves those that are newer than its start.
//
// With a Task.Group, several processes train one model, each on a batch of its own at a time: a step's gradient and loss are the means over the
// ranks, as with Trainer under torchrun, and Accumulation counts the batches of each. They begin with the weights of rank 0; the
// examples are shared as BatchSamplerShard of accelerate does; each rank draws its dropout from Seed plus its number. Rank 0 alone
// writes checkpoints, tells [Saved] and [Measured], and takes Task.Metrics and Task.Final; the other events come to the hooks of every rank, with the
// same numbers. Where ctx is cancelled on one rank, all stop after the same step. Any other failure closes the group, so that the others fail
// too, and saves no checkpoint, for which all would have to be at the same step: the last one counts, which the result of every rank names.
//
// Fit computes on the goroutine that calls it, locked to an OS thread. The model is Fit's until it returns. One
// training at a time holds the process's random generator: a second gets [tensor.ErrRandomHeld], and a second process that
// would write to the same Output is refused.
func Fit[B any](ctx context.Context, task Task[B], cfg Config, hooks ...Hook) (*Result, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	start := time.Now()
	cfg.Ranks = task.Group.Size()
	t := &trainer[B]{task: task, cfg: cfg.withDefaults(), hooks: hooks}
	defer t.close()
	err := t.begin(ctx)
	if err == nil {
		if err = t.run(ctx); err != nil {
			err = t.abort(ctx, err)
		}
	}
	if err != nil && t.several() {
		// The others wait in it.
		t.reducer.Close()
		err = errors.Join(err, task.Group.Close())
	}
	finished := Finished{Result: t.result(time.Since(start)), Err: err}
	return &finished.Result, errors.Join(err, t.hooks.tellAll(ctx, finished))
}

// ErrDiverged is in the chain of the error that ends a training whose gradients stay NaN or infinite.
var ErrDiverged = errors.New("the training diverged (try a lower learning rate, more warm-up, or look for broken examples)")

// trainer is one training as it goes on.
type trainer[B any] struct {
	task  Task[B]
	cfg   Config
	hooks hooks

	plan      plan
	schedule  optim.Schedule
	random    *tensor.Random
	optimizer *optim.AdamW
	reducer   *dist.Reducer // nil for a process alone
	folder    *folder       // of the checkpoints, nil for none
	order     []int         // of the examples in the current epoch
	lengths   []int         // of the examples, where the order goes by them
	metrics   map[string]float64

	state      state
	stopping   bool   // whether the ranks agreed to stop
	saved      int    // the step that needs no checkpoint any more: the last that was saved, or the first
	checkpoint string // the newest, empty for none
}

// begin takes what the training needs and puts it where it starts from.
func (t *trainer[B]) begin(ctx context.Context) (err error) {
	if t.task.Model == nil || t.task.Training == nil {
		return errors.New("train: the task has no model or no training set")
	}
	if t.plan, err = t.cfg.plan(t.task.Training.Len()); err != nil {
		return err
	}
	t.plan.rank = t.task.Group.Rank()
	if t.schedule, err = t.cfg.schedule(t.plan.steps); err != nil {
		return err
	}
	if t.task.Validation != nil {
		if err := t.cfg.checkBest(); err != nil {
			return err
		}
	}
	if t.cfg.GroupByLength {
		if t.lengths, err = lengthsOf(t.task.Training); err != nil {
			return err
		}
	}
	parameters := t.task.Model.Parameters()
	if t.random, err = tensor.HoldRandom("a training", parameters.Device()); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	if t.optimizer, err = optim.NewAdamW(parameters, t.cfg.WeightDecay); err != nil {
		return err
	}
	if err := t.zeroGradients(); err != nil {
		return err
	}
	if t.reducer, err = t.task.Group.NewReducer(parameters); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	started := Started{Config: t.cfg, Examples: t.plan.examples, Steps: t.plan.steps}
	if err := t.startFrom(ctx, &started); err != nil {
		return err
	}
	t.saved = t.state.Step
	return t.hooks.tell(ctx, started)
}

// startFrom puts every rank at the beginning, or where a checkpoint leaves off. Rank 0 alone touches the folder of the checkpoints.
func (t *trainer[B]) startFrom(ctx context.Context, started *Started) (err error) {
	if err := t.random.Seed(t.cfg.Seed + int64(t.task.Group.Rank())); err != nil {
		return err
	}
	var own progress
	if t.leads() {
		if own, err = t.takeFolder(started); err != nil {
			return err
		}
	} else if t.cfg.Output != "" {
		t.folder = passive(t.cfg.Output)
	}
	return t.align(ctx, started, own)
}

// takeFolder opens the folder of the checkpoints, where there is one, and loads what is to be gone on from.
func (t *trainer[B]) takeFolder(started *Started) (own progress, err error) {
	if t.cfg.Output != "" {
		if t.folder, err = openFolder(t.cfg.Output); err != nil {
			return own, err
		}
	}
	if t.cfg.Resume != "" {
		if own, err = t.resume(started); err != nil {
			return own, err
		}
	}
	if t.folder == nil {
		return own, nil
	}
	return own, t.folder.setAside(started.Resumed)
}

// run trains to the end.
func (t *trainer[B]) run(ctx context.Context) error {
	for {
		if err := t.stopped(ctx); err != nil {
			return err
		}
		if t.state.Attended != t.state.Step {
			if err := t.attend(ctx); err != nil {
				return err
			}
		}
		if t.state.Step >= t.plan.steps || t.stale() {
			break
		}
		if err := t.step(ctx); err != nil {
			return err
		}
	}
	if err := t.loadBest(); err != nil {
		return err
	}
	if best := t.keptBest(); t.folder != nil && best != "" && t.cfg.SaveLimit == 1 {
		if t.leads() {
			if err := t.folder.keepOnly(best); err != nil {
				return err
			}
		}
		t.checkpoint = best
	}
	return t.measure(ctx)
}

// attend evaluates and saves after a step, where that is due.
func (t *trainer[B]) attend(ctx context.Context) error {
	if t.task.Validation != nil && t.plan.due(t.cfg.EvalEvery, t.state.Step) {
		if err := t.evaluate(ctx); err != nil {
			return err
		}
	}
	t.state.Attended = t.state.Step
	if t.savesHere() {
		if err := t.save(ctx); err != nil {
			return err
		}
	}
	if t.cfg.LogEvery == Epoch && t.stale() && t.state.SinceLogged.Steps > 0 {
		return t.log(ctx) // an early end is the end of its epoch too, as Trainer has it
	}
	return nil
}

// savesHere says whether the current step gets a checkpoint.
func (t *trainer[B]) savesHere() bool {
	last := t.state.Step == t.plan.steps && t.cfg.SaveEvery.Ever()
	return t.folder != nil && (last || t.plan.due(t.cfg.SaveEvery, t.state.Step))
}

// measure lets the task look at the finished model.
func (t *trainer[B]) measure(ctx context.Context) (err error) {
	if t.task.Final == nil || !t.leads() {
		return nil
	}
	if t.metrics, err = t.task.Final(ctx); err != nil {
		return fmt.Errorf("train: after the last step: %w", err)
	}
	if len(t.metrics) == 0 {
		return nil
	}
	return t.hooks.tell(ctx, Measured{Step: t.state.Step, Metrics: t.metrics})
}

// abort saves what was done before err and says how far the training came.
func (t *trainer[B]) abort(ctx context.Context, err error) error {
	// The generators of other ranks, which belong to a checkpoint, can be asked for only where these stop as well.
	if t.state.Step > t.saved && !errors.Is(err, errNotSaved) && (!t.several() || t.stopping) {
		err = errors.Join(err, t.save(ctx))
	}
	if cause := ctx.Err(); cause != nil && errors.Is(err, cause) || t.stopping {
		return fmt.Errorf("train: stopped after step %d of %d: %w", t.state.Step, t.plan.steps, err)
	}
	return err
}

func (t *trainer[B]) result(runtime time.Duration) Result {
	r := Result{
		Steps: t.state.Step, Loss: t.state.Total.mean(), BestLoss: math.NaN(), BestMetric: math.NaN(), Best: t.keptBest(),
		Early: t.stale() && t.state.Step < t.plan.steps, Checkpoint: t.checkpoint, Metrics: t.metrics, Runtime: runtime,
	}
	if b := t.state.Best; b.Step > 0 {
		r.BestLoss, r.BestMetric = float64(b.Loss), float64(b.Value)
	}
	if t.state.Step > 0 {
		r.Epoch = t.plan.epochs(t.state.Step)
	}
	return r
}

func (t *trainer[B]) close() {
	t.reducer.Close()
	if t.optimizer != nil {
		t.optimizer.Close()
	}
	if t.random != nil {
		t.random.Release()
	}
	if t.folder != nil {
		t.folder.close()
	}
}
