package nn

import (
	"sync"

	"paperlab/lib/tensor"
)

// packs holds weights a second time, laid out for the kernels that only read them, until the parameters change. Safe for
// concurrent use.
type packs struct {
	sync.Mutex
	version int64         // of the parameters that were packed
	scope   *tensor.Scope // owns what is in made; nil while there is nothing
	made    map[packed]*tensor.Tensor
}

// packed names what was packed: neighbouring weights of a model from one to another, as a type.
type packed struct {
	first, last *tensor.Tensor
	dtype       tensor.DType
}

// Packed returns weights [out, in], or biases, of these parameters below one another as [tensor.Scope.Pack] lays them out. They are packed when
// they are first asked for and kept until the parameters change or are closed; the result is s's, and lives as long as s.
// Several goroutines may ask at once.
func (p *Parameters) Packed(s *tensor.Scope, dtype tensor.DType, weights ...*tensor.Tensor) *tensor.Tensor {
	p.packs.Lock()
	defer p.packs.Unlock()
	if version := p.values.Version(); p.packs.scope == nil || p.packs.version != version {
		p.packs.drop()
		p.packs.version, p.packs.scope, p.packs.made = version, tensor.NewScope(p.Device()), map[packed]*tensor.Tensor{}
	}
	name := packed{weights[0], weights[len(weights)-1], dtype}
	all, ok := p.packs.made[name]
	if !ok {
		work := s.Child()
		all = work.Pack(dtype, weights...)
		if all != nil {
			p.packs.made[name] = p.packs.scope.Keep(all)
		}
		if !s.Adopt(work) {
			return nil
		}
	}
	// Another handle of the same memory, which is freed with the last of them.
	return s.Detach(all)
}

func (p *packs) drop() {
	if p.scope != nil {
		p.scope.Close()
	}
	p.scope, p.made = nil, nil
}
