package nn_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// hold takes the process's generator for a test.
func hold(t *testing.T) *tensor.Random {
	t.Helper()
	r, err := tensor.HoldRandom(t.Name(), tensor.CPU)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Release)
	return r
}

// dropping are blocks on a matrix of ones that show what dropout of p does to it: kept elements as 1/(1-p), the others as 0.
func dropping(p float64) map[string]func(s *tensor.Scope, n int64) *tensor.Tensor {
	return map[string]func(s *tensor.Scope, n int64) *tensor.Tensor{
		"dropout": func(s *tensor.Scope, n int64) *tensor.Tensor { return s.Dropout(s.Full(1, tensor.Float32, n, n), p) },
		"add and norm": func(s *tensor.Scope, n int64) *tensor.Tensor {
			sum, _ := nn.AddNorm(s, s.Zeros(tensor.Float32, n, n), s.Full(1, tensor.Float32, n, n), s.Full(1, tensor.Float32, n), p, 1e-6)
			return sum
		},
		"ReLU block": func(s *tensor.Scope, n int64) *tensor.Tensor {
			return nn.ReLUBlock(s, s.Full(1, tensor.Float32, n, 1), s.Full(1, tensor.Float32, n, 1), identity(s, n), p)
		},
		"attention": func(s *tensor.Scope, n int64) *tensor.Tensor {
			even := s.Zeros(tensor.Float32, 1, 1, n, n)
			v := s.MulScalar(s.Reshape(identity(s, n), 1, 1, n, n), float64(n))
			return nn.Attention(s, even, even, v, nil, nil, 1, p)
		},
	}
}

func identity(s *tensor.Scope, n int64) *tensor.Tensor {
	values := make([]float32, n*n)
	for i := range n {
		values[i*n+i] = 1
	}
	return s.FromFloat32s(values, n, n)
}

func TestDropoutDropsItsShareAtRandomAndBySeed(t *testing.T) {
	const p, n = 0.3, 200
	r := hold(t)
	for _, kernels := range []bool{true, false} {
		defer tensor.SetKernels(tensor.SetKernels(kernels))
		for name, run := range dropping(p) {
			draw := func(seed int64) []float32 {
				if err := r.Seed(seed); err != nil {
					t.Fatal(err)
				}
				s := tensor.NewScope(tensor.CPU)
				defer s.Close()
				s.Training = true
				run(s, n) // the second draw, so that seeds are not all that differs
				values, err := run(s, n).Float32s()
				if err != nil {
					t.Fatal(err)
				}
				return values
			}
			first, again, other := draw(1), draw(1), draw(2)
			dropped, same, rows := 0, 0, 0
			for i, v := range first {
				if v != again[i] {
					t.Fatalf("%s, kernels %v: the same seed drops other elements", name, kernels)
				}
				if v == 0 {
					dropped++
				} else if math.Abs(float64(v)-1/(1-p)) > 1e-4 {
					t.Fatalf("%s, kernels %v: a kept element is %v, want %v", name, kernels, v, 1/(1-p))
				}
				if (v == 0) == (other[i] == 0) {
					same++
				}
				if (v == 0) == (first[(i+n)%len(first)] == 0) {
					rows++
				}
			}
			// Four standard deviations about what chance gives.
			near := func(what string, count int, share float64) {
				if d := math.Abs(float64(count) - share*n*n); d > 4*math.Sqrt(share*(1-share)*n*n) {
					t.Errorf("%s, kernels %v: %s are %d of %d, want %g", name, kernels, what, count, n*n, share*n*n)
				}
			}
			near("dropped elements", dropped, p)
			near("elements alike after another seed", same, p*p+(1-p)*(1-p))
			near("elements like those of the next row", rows, p*p+(1-p)*(1-p))
		}
	}
}

// The backward pass drops what the forward pass dropped: gradients agree with differences of the loss, drawn by the same seed.
func TestGradientsAreThoseOfWhatWasKept(t *testing.T) {
	const p = 0.4
	r := hold(t)
	cases := map[string]struct {
		shapes [][]int64
		run    func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor
	}{
		"dropout": {[][]int64{{7, 21}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor { return s.Dropout(in[0], p) }},
		"add and norm": {[][]int64{{7, 21}, {7, 21}, {21}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor {
			sum, normed := nn.AddNorm(s, in[0], in[1], in[2], p, 1e-6)
			return s.Add(sum, normed)
		}},
		"add and layer norm": {[][]int64{{7, 21}, {7, 21}, {21}, {21}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor {
			return nn.AddLayerNorm(s, in[0], in[1], in[2], in[3], p, 1e-6)
		}},
		"gated GELU": {[][]int64{{17, 5}, {21, 5}, {21, 5}, {5, 21}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor {
			return nn.GatedGELU(s, in[0], in[1], in[2], in[3], p)
		}},
		"attention": {[][]int64{{2, 2, 9, 4}, {2, 2, 19, 4}, {2, 2, 19, 4}, {1, 2, 9, 19}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor {
			return nn.Attention(s, in[0], in[1], in[2], in[3], nil, 0.7, p)
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(3, 4))
			draw := func(n int) []float32 {
				values := make([]float32, n)
				for i := range values {
					values[i] = float32(random.NormFloat64())
				}
				return values
			}
			var at, along [][]float32
			for _, shape := range c.shapes {
				n := 1
				for _, d := range shape {
					n *= int(d)
				}
				at, along = append(at, draw(n)), append(along, draw(n))
			}
			var weights []float32
			// loss is that at a distance from at, along the direction; and its slope there by a backward pass.
			loss := func(distance float64) (value, slope float64) {
				if err := r.Seed(5); err != nil {
					t.Fatal(err)
				}
				s := tensor.NewScope(tensor.CPU)
				defer s.Close()
				s.Training = true
				var in []*tensor.Tensor
				for i, shape := range c.shapes {
					moved := make([]float32, len(at[i]))
					for j := range moved {
						moved[j] = at[i][j] + float32(distance)*along[i][j]
					}
					in = append(in, s.Leaf(s.FromFloat32s(moved, shape...)))
				}
				out := c.run(s, in)
				if weights == nil {
					weights = draw(int(out.Len()))
				}
				sum := s.Sum(s.Mul(out, s.FromFloat32s(weights, out.Shape()...)))
				if s.Err() != nil {
					t.Fatal(s.Err())
				}
				if err := tensor.Backward(sum); err != nil {
					t.Fatal(err)
				}
				for i, x := range in {
					grad, err := s.Grad(x).Float32s()
					if err != nil {
						t.Fatal(err)
					}
					for j, g := range grad {
						slope += float64(g) * float64(along[i][j])
					}
				}
				value, err := sum.Item()
				if err != nil {
					t.Fatal(err)
				}
				return value, slope
			}
			const step = 1e-2
			above, _ := loss(step)
			below, _ := loss(-step)
			_, slope := loss(0)
			if difference := (above - below) / (2 * step); math.Abs(difference-slope) > 5e-3*math.Abs(slope)+1e-2 {
				t.Errorf("the loss changes by %v along a direction, the gradients say %v", difference, slope)
			}
		})
	}
}
