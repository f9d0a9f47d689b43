package train

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"paperlab/lib/tensor"
)

// What several processes do together. A rank's operations are the same in number and order as every other's, so what decides about them
// (the state, whether to stop) is the same for all; they are not cancelled with the training's context, which each rank would
// see end at another place: the ranks agree to stop, see meet.

// several says whether other processes train along.
func (t *trainer[B]) several() bool { return t.task.Group.Size() > 1 }

// leads says whether this process is the one that writes and measures.
func (t *trainer[B]) leads() bool { return t.task.Group.Rank() == 0 }

// errElsewhere stands for the interruption that another rank was told of.
var errElsewhere = fmt.Errorf("another rank was interrupted: %w", context.Canceled)

// stopped is the error of a training that the ranks agreed to stop, nil where they did not.
func (t *trainer[B]) stopped(ctx context.Context) error {
	if !t.stopping {
		return nil
	}
	if cause := ctx.Err(); cause != nil {
		return cause
	}
	return errElsewhere
}

// meet adds up a loss over the ranks, and learns whether one of them is to stop: then all are.
func (t *trainer[B]) meet(ctx context.Context, loss float64) (sum float64, err error) {
	if !t.several() {
		return loss, nil
	}
	stop := 0.0
	if ctx.Err() != nil {
		stop = 1
	}
	all, err := t.task.Group.GatherFloats(context.WithoutCancel(ctx), []float64{loss, stop})
	for _, rank := range all {
		sum += rank[0]
		t.stopping = t.stopping || rank[1] > 0
	}
	return sum, err
}

// start is what rank 0 tells the others before the first step.
type start struct {
	Progress progress `json:"progress"`
	Resumed  string   `json:"resumed"`
	Fresh    bool     `json:"fresh"`
	Broken   []string `json:"broken"`
}

// align gives every rank the weights of rank 0 and, where it goes on from a checkpoint, its optimizer, state and the rank's own generators.
func (t *trainer[B]) align(ctx context.Context, started *Started, own progress) error {
	if !t.several() {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	first := start{Progress: own, Resumed: started.Resumed, Fresh: started.FreshMoments}
	for _, err := range started.Broken {
		first.Broken = append(first.Broken, err.Error())
	}
	message, err := json.Marshal(first)
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	if message, err = t.task.Group.Share(ctx, message); err != nil {
		return fmt.Errorf("train: start: %w", err)
	}
	if err := t.shareWeights(ctx); err != nil || t.leads() {
		return errors.Join(err, t.shareMoments(ctx, first))
	}
	if err := json.Unmarshal(message, &first); err != nil {
		return fmt.Errorf("train: start: %w", err)
	}
	return t.follow(ctx, started, first)
}

// follow puts another rank where rank 0 is.
func (t *trainer[B]) follow(ctx context.Context, started *Started, first start) error {
	if err := t.shareMoments(ctx, first); err != nil || first.Resumed == "" {
		return err
	}
	started.Resumed, started.Step, started.FreshMoments = first.Resumed, first.Progress.State.Step, first.Fresh
	for _, text := range first.Broken {
		started.Broken = append(started.Broken, errors.New(text))
	}
	t.state, t.checkpoint = first.Progress.State, first.Resumed
	if first.Fresh {
		return nil
	}
	random := first.Progress.OtherRanks
	if len(random) != t.task.Group.Size()-1 {
		return fmt.Errorf("train: resume from %s: it holds the generators of %d other ranks, not %d", first.Resumed, len(random), t.task.Group.Size()-1)
	}
	return t.random.Restore(random[t.task.Group.Rank()-1])
}

// shareWeights overwrites every rank's parameters with rank 0's.
func (t *trainer[B]) shareWeights(ctx context.Context) error {
	values, _ := t.task.Model.Parameters().Flat()
	if err := t.task.Group.Broadcast(context.WithoutCancel(ctx), values, 0); err != nil {
		return fmt.Errorf("train: the weights of rank 0: %w", err)
	}
	s := tensor.NewScope(values.Device())
	defer s.Close()
	s.Scale(values, 1) // what was derived from the values before is stale
	return s.Err()
}

// shareMoments overwrites every rank's optimizer with rank 0's, where that remembers anything.
func (t *trainer[B]) shareMoments(ctx context.Context, first start) error {
	if first.Resumed == "" || first.Fresh {
		return nil
	}
	state, err := t.optimizer.State()
	if err != nil {
		return err
	}
	state.Step = first.Progress.OptimizerStep
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	for _, values := range []*[]float32{&state.Moments, &state.Squares} {
		shared := s.FromFloat32s(*values, int64(len(*values)))
		if s.Err() != nil {
			return s.Err()
		}
		if err := t.task.Group.Broadcast(ctx, shared, 0); err != nil {
			return fmt.Errorf("train: the optimizer of rank 0: %w", err)
		}
		if *values, err = shared.Float32s(); err != nil {
			return err
		}
	}
	return t.optimizer.Restore(state)
}

// otherRandom are the generators of ranks 1 and up, for a checkpoint.
func (t *trainer[B]) otherRandom(ctx context.Context) ([]tensor.RandomState, error) {
	if !t.several() {
		return nil, nil
	}
	own, err := t.random.State()
	if err != nil {
		return nil, err
	}
	message, err := json.Marshal(own)
	if err != nil {
		return nil, err
	}
	all, err := t.task.Group.GatherBytes(context.WithoutCancel(ctx), message)
	if err != nil {
		return nil, err
	}
	states := make([]tensor.RandomState, len(all))
	for rank, message := range all {
		if err := json.Unmarshal(message, &states[rank]); err != nil {
			return nil, err
		}
	}
	return states[1:], nil
}

// outcome is what rank 0 measured alone.
type outcome struct {
	Metrics map[string]number `json:"metrics"`
	Failure string            `json:"failure"`
	Stopped bool              `json:"stopped"`
}

// byRankZero measures on rank 0 and tells the others.
func (t *trainer[B]) byRankZero(ctx context.Context, measure func(context.Context) (map[string]float64, error)) (map[string]float64, error) {
	if !t.several() {
		return measure(ctx)
	}
	var o outcome
	var failure error
	if t.leads() {
		var metrics map[string]float64
		metrics, failure = measure(ctx)
		o.Metrics = make(map[string]number, len(metrics))
		for name, value := range metrics {
			o.Metrics[name] = number(value)
		}
		if o.Stopped = failure != nil && ctx.Err() != nil; failure != nil {
			o.Failure = failure.Error()
		}
	}
	message, err := json.Marshal(o)
	if err == nil {
		message, err = t.task.Group.Share(context.WithoutCancel(ctx), message)
	}
	if err == nil {
		err = json.Unmarshal(message, &o)
	}
	if err != nil || failure != nil {
		t.stopping = t.stopping || o.Stopped
		return nil, errors.Join(failure, err)
	}
	if t.stopping = t.stopping || o.Stopped; o.Stopped {
		return nil, errElsewhere
	}
	if o.Failure != "" {
		return nil, fmt.Errorf("on rank 0: %s", o.Failure)
	}
	metrics := make(map[string]float64, len(o.Metrics))
	for name, value := range o.Metrics {
		metrics[name] = float64(value)
	}
	return metrics, nil
}

// evaluation is [Evaluate] with the batches shared among the ranks; the numbers are the same, to the bit.
func (t *trainer[B]) evaluation(ctx context.Context) (Evaluation, error) {
	if !t.several() {
		return Evaluate(ctx, t.task.Model, t.task.Validation, t.cfg.EvalBatchSize, t.cfg.Precision)
	}
	e, err := newEvaluator(t.task.Model, t.task.Validation, t.cfg.EvalBatchSize, t.cfg.Precision)
	if err != nil {
		return Evaluation{}, err
	}
	rank, size := t.task.Group.Rank(), t.task.Group.Size()
	own, err := e.losses(ctx, rank, size)
	if err != nil && ctx.Err() == nil {
		return Evaluation{}, err
	}
	own = append(own, make([]float64, ceil(e.batches, size)-len(own))...)
	all, errGroup := t.task.Group.GatherFloats(context.WithoutCancel(ctx), own)
	if errGroup == nil {
		_, errGroup = t.meet(ctx, 0)
	}
	if errGroup != nil {
		return Evaluation{}, fmt.Errorf("train: evaluate: %w", errGroup)
	}
	if t.stopping {
		return Evaluation{}, t.stopped(ctx)
	}
	losses := make([]float64, e.batches)
	for i := range losses {
		losses[i] = all[i%size][i/size]
	}
	return e.sum(losses), nil
}

// shared completes an epoch's order, so that each rank has as many whole batches: from its beginning on again, as BatchSamplerShard of
// accelerate does, which is Trainer's sampler where there are several processes.
func (p plan) shared(order []int) []int {
	whole := p.ranks * p.batchSize
	if p.ranks == 1 || len(order)%whole == 0 {
		return order
	}
	beginning := order[:min(len(order), whole)]
	order = slices.Clone(order)
	for len(order)%whole != 0 {
		order = append(order, beginning[:min(len(beginning), whole-len(order)%whole)]...)
	}
	return order
}

// passive is the folder of the checkpoints as ranks see it that do not write there.
func passive(dir string) *folder { return &folder{dir: filepath.Clean(dir)} }
