package optim

import (
	"fmt"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// AdamW is Adam with decoupled weight decay (Loshchilov and Hutter 2019), as torch.optim.AdamW computes it, with its
// betas 0.9 and 0.999 and epsilon 1e-8. It belongs to one goroutine.
type AdamW struct {
	params      *nn.Parameters
	weightDecay float64
	step        int64
	scope       *tensor.Scope
	// The running averages of the gradient and of its square, float32 [params.Len], laid out as the parameters are.
	moments, squares *tensor.Tensor
	groups           []group
}

type group struct {
	nn.Group
	moments, squares *tensor.Tensor // views of this group's part
}

// NewAdamW returns an optimizer with zero moments. Weight decay applies to the parameters whose spec says so. Close
// frees it.
func NewAdamW(p *nn.Parameters, weightDecay float64) (*AdamW, error) {
	s := tensor.NewScope(p.Device())
	a := &AdamW{params: p, weightDecay: weightDecay, scope: s}
	a.moments, a.squares = s.Zeros(tensor.Float32, p.Len()), s.Zeros(tensor.Float32, p.Len())
	from := int64(0)
	for _, g := range p.Groups() {
		n := g.Values.Len()
		a.groups = append(a.groups, group{g, s.Narrow(a.moments, 0, from, n), s.Narrow(a.squares, 0, from, n)})
		from += n
	}
	if s.Err() != nil {
		s.Close()
		return nil, fmt.Errorf("optim: AdamW's moments: %w", s.Err())
	}
	return a, nil
}

// Close frees the moments.
func (a *AdamW) Close() { a.scope.Close() }

// Step moves the parameters once by their gradients, which it multiplies by scale ([Clip]'s) as it reads them. Then
// the gradients are zero.
func (a *AdamW) Step(learningRate, scale float64) error {
	a.step++
	return tensor.NoGrad(func() error {
		s := tensor.NewScope(a.params.Device())
		defer s.Close()
		for _, g := range a.groups {
			step := tensor.AdamW{Scale: scale, LearningRate: learningRate, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, Step: a.step}
			if g.Decay {
				step.WeightDecay = a.weightDecay
			}
			s.AdamW(g.Values, g.Grads, g.moments, g.squares, step)
		}
		return s.Err()
	})
}

// State is what an optimizer has to remember, for checkpoints. The slices are copies, laid out as nn.Parameters.Flat.
type State struct {
	Step             int64
	Moments, Squares []float32
}

// State copies the optimizer's memory out.
func (a *AdamW) State() (State, error) {
	moments, err := a.moments.Float32s()
	if err != nil {
		return State{}, err
	}
	squares, err := a.squares.Float32s()
	return State{Step: a.step, Moments: moments, Squares: squares}, err
}

// Restore puts a copied memory back; lengths that are not the parameters' are an error.
func (a *AdamW) Restore(state State) error {
	if n := a.params.Len(); int64(len(state.Moments)) != n || int64(len(state.Squares)) != n {
		return fmt.Errorf("optim: a state of %d and %d values for %d parameters (another model's checkpoint?)", len(state.Moments), len(state.Squares), n)
	}
	s := tensor.NewScope(a.params.Device())
	defer s.Close()
	s.Copy(a.moments, s.FromFloat32s(state.Moments, int64(len(state.Moments))))
	s.Copy(a.squares, s.FromFloat32s(state.Squares, int64(len(state.Squares))))
	a.step = state.Step
	return s.Err()
}
