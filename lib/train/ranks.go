package train

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

// byRankZero measures on rank 0 and tells the others.
func (t *trainer[B]) byRankZero(ctx context.Context, measure func(context.Context) (map[string]float64, error)) (map[string]float64, error) {
	if !t.several() {
		return measure(ctx)
	}
	var o outcome
	var failure error
	if t.leads() {
		o, failure = outcomeOf(ctx, measure)
	}
	message, err := json.Marshal(o)
	if err == nil {
		message, err = t.task.Group.Share(context.WithoutCancel(ctx), message)
	}
	if err == nil {
		err = json.Unmarshal(message, &o)
	}
	t.stopping = t.stopping || o.Stopped
	if err != nil || failure != nil {
		return nil, errors.Join(failure, err)
	}
	return o.result()
}

// outcome is what rank 0 measured alone, or how that failed.
type outcome struct {
	Metrics map[string]number `json:"metrics"`
	Failure string            `json:"failure"`
	Stopped bool              `json:"stopped"` // by its context
}

func outcomeOf(ctx context.Context, measure func(context.Context) (map[string]float64, error)) (outcome, error) {
	metrics, err := measure(ctx)
	if err != nil {
		return outcome{Failure: err.Error(), Stopped: ctx.Err() != nil}, err
	}
	o := outcome{Metrics: make(map[string]number, len(metrics))}
	for name, value := range metrics {
		o.Metrics[name] = number(value)
	}
	return o, nil
}

// result is what another rank makes of it.
func (o outcome) result() (map[string]float64, error) {
	switch {
	case o.Stopped:
		return nil, errElsewhere
	case o.Failure != "":
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
