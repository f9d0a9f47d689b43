package train

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Hook is told what happens in a training. [Fit] calls its hooks in the order given, on the goroutine that called Fit, and waits for
// each: a hook needs no lock against others, and what it does slowly slows the training. An error from a hook ends the
// training, after a checkpoint. The context carries the values of Fit's but is not cancelled with it, so that what was
// measured is still recorded when somebody interrupts.
type Hook func(ctx context.Context, e Event) error

// Event is one of [Started], [Step], [Logged], [Evaluated], [Saved], [Measured], [Tabled] and [Finished]. The maps and slices in an event must not be
// changed.
type Event interface{ event() }

// Started comes first, before any step.
type Started struct {
	Config   Config
	Examples int     // in the training set
	Steps    int     // of the whole training
	Step     int     // that it starts from: 0, or where a resumed one goes on
	Resumed  string  // the checkpoint that it goes on from, empty for none
	Broken   []error // the newer checkpoints that were damaged and passed over, and how
	// FreshMoments says that the optimizer starts without memory although the training is resumed: the checkpoint is one of
	// transformers, whose optimizer state is a pickle.
	FreshMoments bool
}

// Step comes after every optimizer step; it is meant for progress bars.
type Step struct {
	Step         int     // counted from 1
	Epoch        float64 // how many times the examples have been seen
	Loss         float64 // mean of the batches' losses, see Logged
	LearningRate float64 // that the step was made with
	GradNorm     float64 // L2 norm of all gradients before clipping
}

// Logged comes every Config.LogEvery with what Trainer of transformers 4.49 logs then. NaN losses are kept, where Trainer puts
// the mean of the others in their place.
type Logged struct {
	Step  int
	Epoch float64
	// Loss is the mean over the steps since the last Logged of the sum of their batches' losses divided by Accumulation: a short last
	// group counts as less, for so do its gradients.
	Loss         float64
	LearningRate float64 // after the schedule's move, so that of the next step: 4.49 reads it there
	GradNorm     float64 // of the last step, before clipping
	MemoryMB     float64 // resident set of the process in MiB, NaN where it is not known
	GPUMemoryMB  float64 // memory that tensors hold on the model's CUDA device, in MiB; NaN on the processor
}

// Evaluated comes after the validation set was evaluated, every Config.EvalEvery.
type Evaluated struct {
	Step         int
	Epoch        float64
	Loss         float64            // as [Evaluation.Loss]
	TrainingLoss float64            // mean over the steps since the last Evaluated, NaN if there were none
	Metrics      map[string]float64 // beside the loss: "token_loss" where the data set counts tokens, and those of Task.Metrics
	Runtime      time.Duration
	Best         bool // whether it is the best so far, by Config.Metric
}

// Saved comes when a checkpoint is whole and on disk.
type Saved struct {
	Step int
	Dir  string
	Best bool // whether it holds the best model so far
}

// Measured comes after the training with what Task.Final measured of the best model, if that is anything.
type Measured struct {
	Step    int
	Metrics map[string]float64
}

// Tabled is a table of single examples, for those who keep it: Fit makes none, but who measures may tell a hook of one, before
// [Finished].
type Tabled struct {
	Key     string // such as test/examples
	Step    int
	Columns []string
	Rows    [][]any // of strings and numbers, a cell a column
}

// Finished comes last and exactly once, however the training ends, even where it could not start.
type Finished struct {
	Result Result
	Err    error // what Fit returns, but for what hooks answer to Finished; context.Canceled is in its chain after an interruption
}

func (Started) event()   {}
func (Step) event()      {}
func (Logged) event()    {}
func (Evaluated) event() {}
func (Saved) event()     {}
func (Measured) event()  {}
func (Tabled) event()    {}
func (Finished) event()  {}

// Result is how a training ended.
type Result struct {
	Steps      int                // done, those before a resume included
	Epoch      float64            // how many times the examples have been seen
	Loss       float64            // mean training loss of all steps, NaN if there were none
	BestLoss   float64            // validation loss of the best model, NaN if there was none
	BestMetric float64            // Config.Metric of the best model, NaN if there was none
	Best       string             // checkpoint of the best model, empty if it has none or need not stay (Config.KeepLast)
	Early      bool               // whether Config.Patience ended it
	Checkpoint string             // newest checkpoint, empty if none was written
	Metrics    map[string]float64 // of Task.Final
	Runtime    time.Duration      // of this call
}

// hooks are told one after the other.
type hooks []Hook

// tell stops at the first that fails.
func (h hooks) tell(ctx context.Context, e Event) error {
	for i := range h {
		if err := h.tellOne(ctx, i, e); err != nil {
			return err
		}
	}
	return nil
}

// tellAll tells every one, whatever another answers.
func (h hooks) tellAll(ctx context.Context, e Event) (err error) {
	for i := range h {
		err = errors.Join(err, h.tellOne(ctx, i, e))
	}
	return err
}

func (h hooks) tellOne(ctx context.Context, i int, e Event) error {
	if err := h[i](context.WithoutCancel(ctx), e); err != nil {
		return fmt.Errorf("train: hook %d of %d, told %T: %w", i+1, len(h), e, err)
	}
	return nil
}
