package nn

import (
	"fmt"
	"slices"

	"paperlab/lib/tensor"
)

// Spec names one parameter of a model.
type Spec struct {
	Name  string
	Shape []int64
	Decay bool // whether weight decay applies to it: not to biases and norms
}

func (s Spec) len() int64 {
	n := int64(1)
	for _, d := range s.Shape {
		n *= d
	}
	return n
}

// Parameters holds a model's trainable tensors, float32, in one flat buffer, and their gradients in another of the same
// layout: those with weight decay first, each kind in the order of the specs. Reading is safe from several goroutines; training
// and loading are one goroutine's.
type Parameters struct {
	specs  []Spec
	byName map[string]*tensor.Tensor
	scope  *tensor.Scope
	groups []Group
	values *tensor.Tensor
	grads  *tensor.Tensor
	packs  packs
}

// Group is a stretch of the flat buffers that the optimizer treats alike. Both tensors are float32 vectors [n].
type Group struct {
	Values, Grads *tensor.Tensor
	Decay         bool
}

// NewParameters allocates the parameters of specs, zero, with zero gradients, on device d. Two specs of one name are an
// error, as is a refused allocation. Close frees them.
func NewParameters(d tensor.Device, specs []Spec) (*Parameters, error) {
	p := &Parameters{specs: specs, byName: make(map[string]*tensor.Tensor, len(specs)), scope: tensor.NewScope(d)}
	if err := p.build(); err != nil {
		p.scope.Close()
		return nil, err
	}
	return p, nil
}

func (p *Parameters) build() error {
	s := p.scope
	var total, decayed int64
	for _, spec := range p.specs {
		total += spec.len()
		if spec.Decay {
			decayed += spec.len()
		}
	}
	p.values, p.grads = s.Zeros(tensor.Float32, total), s.Zeros(tensor.Float32, total)
	for _, g := range []struct {
		from, len int64
		decay     bool
	}{{0, decayed, true}, {decayed, total - decayed, false}} {
		if g.len > 0 {
			p.groups = append(p.groups, Group{Values: s.Narrow(p.values, 0, g.from, g.len), Grads: s.Narrow(p.grads, 0, g.from, g.len), Decay: g.decay})
		}
	}
	next := map[bool]int64{true: 0, false: decayed}
	for _, spec := range p.specs {
		if _, twice := p.byName[spec.Name]; twice {
			return fmt.Errorf("nn: two parameters are named %q", spec.Name)
		}
		view := func(flat *tensor.Tensor) *tensor.Tensor {
			return s.Reshape(s.Narrow(flat, 0, next[spec.Decay], spec.len()), spec.Shape...)
		}
		leaf, grad := s.Leaf(view(p.values)), view(p.grads)
		if s.Err() != nil {
			return fmt.Errorf("nn: parameter %q: %w", spec.Name, s.Err())
		}
		if err := tensor.SetGrad(leaf, grad); err != nil {
			return fmt.Errorf("nn: parameter %q: %w", spec.Name, err)
		}
		p.byName[spec.Name] = leaf
		next[spec.Decay] += spec.len()
	}
	return s.Err()
}

// Close frees the parameters, their gradients and what was packed of them.
func (p *Parameters) Close() {
	p.packs.drop()
	p.scope.Close()
}

// Device is where the parameters lie.
func (p *Parameters) Device() tensor.Device { return p.scope.Device() }

// Specs returns the parameters' names and shapes in the order given to NewParameters.
func (p *Parameters) Specs() []Spec { return slices.Clone(p.specs) }

// Get returns the parameter of that name, a leaf of the graph; nil, which every operation refuses, where there is none.
func (p *Parameters) Get(name string) *tensor.Tensor { return p.byName[name] }

// Len is the number of trainable values.
func (p *Parameters) Len() int64 { return p.values.Len() }

// Groups returns the flat buffers of values and gradients: with weight decay, then without; an empty group is left out.
func (p *Parameters) Groups() []Group { return slices.Clone(p.groups) }

// Flat returns all values and all gradients as two float32 vectors [Len].
func (p *Parameters) Flat() (values, grads *tensor.Tensor) { return p.values, p.grads }

// ZeroGrad sets all gradients to zero, within scope s for its error.
func (p *Parameters) ZeroGrad(s *tensor.Scope) { s.Fill(p.grads, 0) }

// GradNorm returns the L2 norm of all gradients together (torch.nn.utils.clip_grad_norm_'s total norm).
func (p *Parameters) GradNorm() (float64, error) {
	s := tensor.NewScope(p.Device())
	defer s.Close()
	norm := s.Norm(p.grads)
	if s.Err() != nil {
		return 0, s.Err()
	}
	return norm.Item()
}
