package train

import (
	"context"
	"errors"
	"fmt"
	"math"

	"paperlab/lib/optim"
	"paperlab/lib/tensor"
)

// mostNotFinite is how many steps in a row may have gradients that are not finite.
const mostNotFinite = 10

// step makes one move of the optimizer and tells the hooks. Where it fails or is interrupted on the way, it is as if it had not begun.
func (t *trainer[B]) step(ctx context.Context) error {
	before, err := t.random.State()
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	loss, err := t.accumulate(ctx)
	if err != nil {
		return errors.Join(err, t.zeroGradients(), t.random.Restore(before))
	}
	if err := t.reducer.Finish(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("train: step %d: %w", t.state.Step+1, err)
	}
	if loss, err = t.meet(ctx, loss); err != nil {
		return fmt.Errorf("train: step %d: %w", t.state.Step+1, err)
	}
	norm, scale, err := optim.Clip(t.task.Model.Parameters(), t.cfg.MaxGradNorm)
	if err != nil {
		return fmt.Errorf("train: step %d: gradient norm: %w", t.state.Step+1, err)
	}
	rate := t.learningRate()
	if math.IsNaN(norm) || math.IsInf(norm, 0) {
		t.state.NotFinite++
		err = t.zeroGradients()
	} else {
		t.state.NotFinite = 0
		err = t.optimizer.Step(rate, scale) // which leaves the gradients zero
	}
	if err != nil {
		return fmt.Errorf("train: step %d: %w", t.state.Step+1, err)
	}
	t.state.count(loss)
	t.state.GradNorm = number(norm)
	step := Step{Step: t.state.Step, Epoch: t.plan.epochs(t.state.Step), Loss: loss, LearningRate: rate, GradNorm: norm}
	if err := t.hooks.tell(ctx, step); err != nil {
		return err
	}
	diverged := t.state.NotFinite >= mostNotFinite
	if diverged || t.plan.due(t.cfg.LogEvery, t.state.Step) {
		if err := t.log(ctx); err != nil {
			return err
		}
	}
	if diverged {
		return fmt.Errorf("train: step %d: the gradients of %d steps in a row are not finite: %w", t.state.Step, mostNotFinite, ErrDiverged)
	}
	return nil
}

// accumulate adds up the gradients of this rank's next group of batches and returns the sum of their losses, each divided by Accumulation
// and by the number of ranks.
func (t *trainer[B]) accumulate(ctx context.Context) (sum float64, err error) {
	epoch, group := t.plan.epochOf(t.state.Step)
	if t.order == nil || group == 0 {
		if t.order, err = t.orderOf(epoch); err != nil {
			return 0, err
		}
	}
	batches := t.plan.group(t.order, group)
	for i, indices := range batches {
		if err := ctx.Err(); err != nil && !t.several() {
			return 0, err
		}
		loss, err := t.backward(indices, i == len(batches)-1)
		if err != nil {
			return 0, fmt.Errorf("train: step %d, examples %d: %w", t.state.Step+1, indices, err)
		}
		sum += loss
	}
	return sum, nil
}

// backward adds the gradients of one batch, within a scope of its own, so that memory stays flat. Those of a step's last are final.
func (t *trainer[B]) backward(indices []int, last bool) (value float64, err error) {
	device := t.task.Model.Parameters().Device()
	s := tensor.NewScope(device)
	defer s.Close()
	s.Training = true
	parts := float64(t.cfg.Accumulation * t.cfg.Ranks)
	err = tensor.Autocast(device, t.cfg.Precision, func() error {
		batch := t.task.Training.Batch(s, indices)
		if own, ok := t.task.Model.(differentiator[B]); ok {
			value, err = own.Backward(s, batch, 1/parts, t.random)
			return err
		}
		loss := s.DivScalar(t.task.Model.Loss(s, batch), parts)
		if s.Err() != nil {
			return s.Err()
		}
		if value, err = loss.Item(); err != nil {
			return err
		}
		if last {
			if err := t.reducer.Watch(); err != nil {
				return err
			}
		}
		return tensor.Backward(loss)
	})
	return value, err
}

// differentiator is what a model may be, see [Model].
type differentiator[B any] interface {
	Backward(s *tensor.Scope, batch B, share float64, random *tensor.Random) (loss float64, err error)
}

// orderOf returns the order of the examples in an epoch.
func (t *trainer[B]) orderOf(epoch int) ([]int, error) {
	order := shuffled(t.cfg.DataSeed, epoch, t.plan.examples)
	if t.task.Order != nil {
		order = t.task.Order(epoch, t.plan.examples)
		if err := checkOrder(order, epoch, t.plan.examples); err != nil {
			return nil, err
		}
	}
	if t.cfg.GroupByLength {
		order = grouped(order, t.lengths, t.plan.batchSize*t.plan.accumulation)
	}
	return t.plan.shared(order), nil
}

func (t *trainer[B]) zeroGradients() error {
	parameters := t.task.Model.Parameters()
	s := tensor.NewScope(parameters.Device())
	defer s.Close()
	parameters.ZeroGrad(s)
	return s.Err()
}

// learningRate is that of the next step.
func (t *trainer[B]) learningRate() float64 { return t.cfg.LearningRate * t.schedule(t.state.Step) }

// log tells the hooks about the steps since the last time.
func (t *trainer[B]) log(ctx context.Context) error {
	logged := Logged{
		Step: t.state.Step, Epoch: t.plan.epochs(t.state.Step), Loss: t.state.SinceLogged.mean(),
		LearningRate: t.learningRate(), GradNorm: float64(t.state.GradNorm), MemoryMB: residentMB(), GPUMemoryMB: gpuMB(t.task.Model.Parameters().Device()),
	}
	t.state.SinceLogged = sum{}
	t.state.record(logged)
	return t.hooks.tell(ctx, logged)
}
