package dist_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"paperlab/lib/dist"
	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

func init() { roles["gradients"] = gradients }

// gradients adds up those of (1 + rank)(2 first + 3 last), of which one watched pass learns and the next sends early; the third
// has nothing of "last", which waits for the end.
func gradients(ctx context.Context, g *dist.Group) error {
	const n = 8 << 20 // more than a bucket
	p, err := nn.NewParameters(device, []nn.Spec{
		{Name: "first", Shape: []int64{n}, Decay: true}, {Name: "last", Shape: []int64{n}, Decay: true}, {Name: "bias", Shape: []int64{1}},
	})
	if err != nil {
		return err
	}
	defer p.Close()
	r, err := g.NewReducer(p)
	if err != nil {
		return err
	}
	defer r.Close()
	for pass := range 4 {
		if err := backward(p, float64(1+g.Rank()), pass == 2, func() error {
			if pass == 3 {
				return nil // without watching
			}
			return r.Watch()
		}); err != nil {
			return err
		}
		if err := r.Finish(ctx); err != nil {
			return err
		}
		early, buckets := r.Early()
		fmt.Printf("pass %d: early %d of %d:", pass, early, buckets)
		if err := printEnds(p); err != nil {
			return err
		}
	}
	return nil
}

func backward(p *nn.Parameters, factor float64, withoutLast bool, watch func() error) error {
	s := tensor.NewScope(device)
	defer s.Close()
	p.ZeroGrad(s)
	// The bias, whose gradient comes last, is below all.
	x := s.Add(s.MulScalar(p.Get("first"), 2), p.Get("bias"))
	if !withoutLast {
		x = s.Add(x, s.MulScalar(p.Get("last"), 3))
	}
	loss := s.MulScalar(s.Sum(x), factor)
	if s.Err() != nil {
		return s.Err()
	}
	if err := watch(); err != nil {
		return err
	}
	return tensor.Backward(loss)
}

// printEnds prints the first and the last value of each gradient.
func printEnds(p *nn.Parameters) error {
	s := tensor.NewScope(device)
	defer s.Close()
	for _, spec := range p.Specs() {
		values, err := s.Grad(p.Get(spec.Name)).Float32s()
		if err != nil {
			return err
		}
		fmt.Printf(" %v %v", values[0], values[len(values)-1])
	}
	fmt.Println()
	return s.Err()
}

func TestGradientsAreAddedUpWhileTheBackwardPassGoesOn(t *testing.T) {
	checkGradients(t, launch(t, "gradients", 2))
}

func checkGradients(t *testing.T, ranks []*rank) {
	t.Helper()
	for i, r := range ranks {
		said, err := r.end(t)
		lines := strings.Split(strings.TrimSpace(said), "\n")
		want := []string{
			"pass 0: early 0 of 4: 6 6 9 9 2.5165824e+07 2.5165824e+07",
			"pass 1: early 4 of 4: 6 6 9 9 2.5165824e+07 2.5165824e+07",
			"pass 2: early 0 of 4: 6 6 0 0 2.5165824e+07 2.5165824e+07",
			"pass 3: early 0 of 4: 6 6 9 9 2.5165824e+07 2.5165824e+07",
		}
		if err != nil || strings.Join(lines, "\n") != strings.Join(want, "\n") {
			t.Errorf("rank %d: %v, said\n%swant\n%s", i, err, said, strings.Join(want, "\n"))
		}
	}
}
