package train

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"paperlab/lib/tensor"
)

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
