package train

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// evaluate takes the validation loss and the task's metrics, and decides whether the model is the best so far.
func (t *trainer[B]) evaluate(ctx context.Context) error {
	start := time.Now()
	e, err := t.evaluation(ctx)
	if err != nil {
		return err
	}
	metrics, err := t.metricsBeside(ctx, e)
	if err != nil {
		return err
	}
	value, err := t.chosenBy(e, metrics)
	if err != nil {
		return err
	}
	e.Runtime = time.Since(start)
	evaluated := Evaluated{
		Step: t.state.Step, Epoch: t.plan.epochs(t.state.Step), Loss: e.Loss, TrainingLoss: t.state.SinceEvaluated.mean(),
		Metrics: metrics, Best: t.judge(value, e.Loss), Runtime: e.Runtime,
	}
	t.state.SinceEvaluated = sum{}
	t.state.recordEvaluation(evaluated, e)
	return t.hooks.tell(ctx, evaluated)
}

// metricsBeside are those of an evaluation beside the loss, nil for none.
func (t *trainer[B]) metricsBeside(ctx context.Context, e Evaluation) (map[string]float64, error) {
	var metrics map[string]float64
	if t.task.Metrics != nil {
		measured, err := t.byRankZero(ctx, t.task.Metrics)
		if err != nil {
			return nil, fmt.Errorf("train: step %d: the metrics of the evaluation: %w", t.state.Step, err)
		}
		metrics = maps.Clone(measured)
	}
	if _, counts := t.task.Validation.(tokenCounter); counts {
		if metrics == nil {
			metrics = map[string]float64{}
		}
		metrics["token_loss"] = e.TokenLoss
	}
	return metrics, nil
}

// chosenBy returns the metric that chooses the best model.
func (t *trainer[B]) chosenBy(e Evaluation, metrics map[string]float64) (float64, error) {
	if t.cfg.Metric == lossMetric {
		return e.Loss, nil
	}
	value, ok := metrics[t.cfg.Metric]
	if !ok {
		have := append([]string{lossMetric}, slices.Sorted(maps.Keys(metrics))...)
		return 0, fmt.Errorf("train: the best model is chosen by %q, which the evaluation has not measured (it has %s)",
			t.cfg.Metric, strings.Join(have, ", "))
	}
	return value, nil
}

// judge says whether an evaluation is the best so far, and remembers it. For patience it has to be better than the best
// before it by more than the threshold; the first always is (EarlyStoppingCallback of transformers).
func (t *trainer[B]) judge(value, loss float64) (isBest bool) {
	s := &t.state
	before := s.Best
	isBest = before.beatenBy(value, t.cfg.Better)
	s.Stale++
	if s.Evaluations == 0 || isBest && (before.Step == 0 || math.Abs(value-float64(before.Value)) > t.cfg.Threshold) {
		s.Stale = 0
	}
	s.Evaluations++
	if isBest {
		s.Best = best{Step: s.Step, Value: number(value), Loss: number(loss)}
		if t.savesHere() {
			s.Best.Dir = t.folder.checkpoint(s.Step)
		}
	}
	return isBest
}

// stale says whether too many evaluations in a row were no better.
func (t *trainer[B]) stale() bool { return t.cfg.Patience > 0 && t.state.Stale >= t.cfg.Patience }

// keptBest is the best model's checkpoint, which stays and is loaded in the end; empty where there is none, or the last is kept.
func (t *trainer[B]) keptBest() string {
	if t.cfg.KeepLast {
		return ""
	}
	return t.state.Best.Dir
}
