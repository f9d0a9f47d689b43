package dist

import (
	"context"
	"runtime"

	"paperlab/lib/dist/native"
	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// Reducer adds up the gradients of a model over the ranks, in buckets of its flat buffer. They are sent while the backward pass goes on, each when
// it is final, in one order for all ranks: from the end of the parameters to their beginning, those without weight decay, which
// lie all over a model, last. The first watched pass only teaches the reducer when that is. It belongs to its group's goroutine; a nil *Reducer, that of a nil
// group, has nothing to do.
//
// Li et al. 2020, "PyTorch Distributed: Experiences on Accelerating Data Parallel Training".
type Reducer struct {
	group  *Group
	native native.Reducer
	params *nn.Parameters

	early, buckets int
	closed         bool
}

// bucketLen is the number of values in a bucket: 25 MiB, as with DistributedDataParallel.
const bucketLen = 25 << 20 / 4

// NewReducer returns the reducer of a model's gradients. Close it before the group and the parameters.
func (g *Group) NewReducer(p *nn.Parameters) (*Reducer, error) {
	if g == nil {
		return nil, nil
	}
	var leaves []native.Handle
	for _, spec := range p.Specs() {
		leaves = append(leaves, p.Get(spec.Name).Handle())
	}
	_, flat := p.Flat()
	stretches := buckets(p)
	r := &Reducer{group: g, params: p, buckets: len(stretches)}
	err := g.run(context.Background(), "gradients", func() (err error) {
		r.native, err = g.native.NewReducer(flat.Handle(), leaves, stretches)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// buckets cuts the flat gradients, in the order in which they are sent.
func buckets(p *nn.Parameters) []native.Stretch {
	var all []native.Stretch
	from := int64(0)
	for _, group := range p.Groups() {
		for to := from + group.Grads.Len(); to > from; {
			n := min(bucketLen, to-from)
			to -= n
			all = append(all, native.Stretch{From: to, Len: n})
		}
		from += group.Grads.Len()
	}
	return all
}

// Watch has buckets sent during the backward pass that comes next, which must be the last to add to the gradients.
func (r *Reducer) Watch() error {
	if r == nil {
		return nil
	}
	return r.group.run(context.Background(), "gradients", r.native.Watch)
}

// Finish sends what was not sent yet and waits until all gradients are the sums over the ranks.
func (r *Reducer) Finish(ctx context.Context) error {
	if r == nil {
		return nil
	}
	defer runtime.KeepAlive(r.params)
	return r.group.run(ctx, "gradients", func() (err error) {
		if r.early, err = r.native.Send(); err != nil {
			return err
		}
		if r.params.Device() != tensor.CPU {
			if err := r.group.rally(ctx); err != nil {
				return err
			}
		}
		return r.group.wait(ctx, r.native.Wait)
	})
}

// Early is how many buckets were on their way before the last backward pass was over, of how many.
func (r *Reducer) Early() (early, buckets int) {
	if r == nil {
		return 0, 0
	}
	return r.early, r.buckets
}

// Close lets go of the gradients. Closing twice is harmless.
func (r *Reducer) Close() {
	if r != nil && !r.closed {
		r.native.Free()
		r.closed = true
	}
}
