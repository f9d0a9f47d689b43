package nn_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// needKernels skips where there are no kernels to compare with libtorch's operations.
func needKernels(t *testing.T) {
	t.Helper()
	if !tensor.Kernels(tensor.CPU, tensor.BFloat16) {
		t.Skip("no kernels here: they need a processor with AVX-512 and AVX512-BF16, and PAPERLAB_KERNELS not set to libtorch")
	}
}

// block is an operation on operands that all have gradients, with shapes that fill no vector or panel evenly.
type block struct {
	name   string
	shapes [][]int64
	run    func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor
}

func blocks() []block {
	padded := func(s *tensor.Scope, n int64, texts ...int64) *tensor.Tensor {
		var mask []int64
		for _, length := range texts {
			for i := range n {
				mask = append(mask, map[bool]int64{true: 1}[i < length])
			}
		}
		return nn.PaddingMask(s, s.FromInt64s(mask, int64(len(texts)), n))
	}
	attention := func(bias func(in []*tensor.Tensor) *tensor.Tensor, mask func(s *tensor.Scope) *tensor.Tensor, scale float64) func(*tensor.Scope, []*tensor.Tensor) *tensor.Tensor {
		return func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor {
			const heads = 3
			q, k, v := nn.SplitHeads(s, in[0], heads), nn.SplitHeads(s, in[1], heads), nn.SplitHeads(s, in[2], heads)
			return nn.Attention(s, q, k, v, bias(in), mask(s), scale, 0)
		}
	}
	none := func([]*tensor.Tensor) *tensor.Tensor { return nil }
	fourth := func(in []*tensor.Tensor) *tensor.Tensor { return in[3] }
	noMask := func(*tensor.Scope) *tensor.Tensor { return nil }
	qkv := func(queries, keys, size int64) [][]int64 {
		return [][]int64{{2, queries, 3 * size}, {2, keys, 3 * size}, {2, keys, 3 * size}}
	}
	labels := func(s *tensor.Scope, n int64) *tensor.Tensor {
		ids := make([]int64, n)
		for i := range ids {
			ids[i] = int64(i*37) % 53
			if i%5 == 4 {
				ids[i] = nn.IgnoredLabel
			}
		}
		return s.FromInt64s(ids, n)
	}
	return []block{
		{"linear", [][]int64{{3, 19, 45}, {70, 45}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor { return s.Linear(in[0], in[1], nil) }},
		{"linear with a bias", [][]int64{{50, 33}, {7, 33}, {7}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor { return s.Linear(in[0], in[1], in[2]) }},
		{"linear on few rows", [][]int64{{3, 45}, {70, 45}, {70}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor { return s.Linear(in[0], in[1], in[2]) }},
		{"linear with a transposed weight", [][]int64{{50, 33}, {33, 7}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor {
			return s.Linear(in[0], s.Transpose(in[1], 0, 1), nil)
		}},
		{"embedding", [][]int64{{11, 21}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor {
			return s.Embedding(in[0], s.FromInt64s([]int64{3, 0, 3, 10, 3, 7}, 2, 3))
		}},
		{"RMS norm", [][]int64{{5, 37}, {37}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor { return nn.RMSNorm(s, in[0], in[1], 1e-6) }},
		{"layer norm", [][]int64{{5, 37}, {37}, {37}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor {
			return s.LayerNorm(in[0], in[1], in[2], 1e-6)
		}},
		{"add and RMS norm, of which both are used", [][]int64{{2, 9, 40}, {2, 9, 40}, {40}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor {
			sum, normed := nn.AddNorm(s, in[0], in[1], in[2], 0, 1e-6)
			return s.Add(sum, s.Mul(normed, normed))
		}},
		{"add and RMS norm, of which the sum is used", [][]int64{{9, 16}, {9, 16}, {16}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor {
			sum, _ := nn.AddNorm(s, in[0], in[1], in[2], 0, 1e-6)
			return s.Add(sum, s.MulScalar(s.Sum(in[2]), 1e-3))
		}},
		{"add and layer norm", [][]int64{{2, 9, 40}, {2, 9, 40}, {40}, {40}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor {
			return nn.AddLayerNorm(s, in[0], in[1], in[2], in[3], 0, 1e-12)
		}},
		{"gated GELU", [][]int64{{2, 21, 18}, {35, 18}, {35, 18}, {18, 35}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor {
			return nn.GatedGELU(s, in[0], in[1], in[2], in[3], 0)
		}},
		{"GELU block with biases", [][]int64{{2, 21, 18}, {35, 18}, {35}, {20, 35}, {20}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor {
			return nn.GELUBlock(s, in[0], in[1], in[2], in[3], in[4])
		}},
		{"ReLU block", [][]int64{{2, 21, 18}, {35, 18}, {18, 35}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor {
			return nn.ReLUBlock(s, in[0], in[1], in[2], 0)
		}},
		{"attention", qkv(13, 21, 8), attention(none, noMask, 1)},
		{"attention of one query to one key", qkv(1, 1, 5), attention(none, noMask, 1)},
		{"attention with a position bias and padding", append(qkv(13, 21, 8), []int64{1, 3, 13, 21}), attention(fourth, func(s *tensor.Scope) *tensor.Tensor { return padded(s, 21, 21, 6) }, 1)},
		{"attention where a text has nothing to attend to", qkv(7, 30, 8), attention(none, func(s *tensor.Scope) *tensor.Tensor { return padded(s, 30, 0, 30) }, 0.3)},
		{"attention with a bias for each key", append(qkv(13, 21, 8), []int64{2, 1, 1, 21}), attention(fourth, noMask, 0.25)},
		{"attention with one bias for all queries", append(qkv(13, 21, 8), []int64{1, 1, 1, 21}), attention(fourth, noMask, 0.25)},
		{"attention of more queries than a block takes", append(qkv(150, 2000, 4), []int64{1, 3, 150, 2000}), attention(fourth, func(s *tensor.Scope) *tensor.Tensor { return padded(s, 2000, 1999, 1500) }, 0.5)},
		{"causal attention", qkv(17, 17, 8), attention(none, func(s *tensor.Scope) *tensor.Tensor { return nn.CausalMask(s, 17) }, 1)},
		{"linear and cross-entropy", [][]int64{{33, 20}, {53, 20}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor {
			return s.MulScalar(nn.LinearCrossEntropy(s, in[0], in[1], labels(s, 33)), 0.25)
		}},
		{"linear and cross-entropy with smoothed labels", [][]int64{{300, 20}, {53, 20}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor {
			return s.MulScalar(nn.SmoothedCrossEntropy(s, in[0], in[1], labels(s, 300), 0.3), 0.25)
		}},
		{"linear and cross-entropy of several chunks", [][]int64{{700, 20}, {53, 20}}, func(s *tensor.Scope, in []*tensor.Tensor) *tensor.Tensor {
			return nn.LinearCrossEntropy(s, in[0], in[1], labels(s, 700))
		}},
	}
}

// computed is what a block gives: its result, then the gradients of its operands.
func computed(t *testing.T, b block, kernels bool, precision tensor.DType) [][]float32 {
	t.Helper()
	defer tensor.SetKernels(tensor.SetKernels(kernels))
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	random := rand.New(rand.NewPCG(1, 2))
	draw := func(shape ...int64) *tensor.Tensor {
		n := int64(1)
		for _, d := range shape {
			n *= d
		}
		values := make([]float32, n)
		for i := range values {
			values[i] = float32(random.NormFloat64())
		}
		return s.FromFloat32s(values, shape...)
	}
	var in, grads []*tensor.Tensor
	for _, shape := range b.shapes {
		x := s.Leaf(draw(shape...))
		g := s.Zeros(tensor.Float32, shape...)
		if err := tensor.SetGrad(x, g); err != nil {
			t.Fatal(err)
		}
		in, grads = append(in, x), append(grads, g)
	}
	var out *tensor.Tensor
	err := tensor.Autocast(tensor.CPU, precision, func() error {
		if out = b.run(s, in); s.Err() != nil {
			return s.Err()
		}
		return tensor.Backward(s.Sum(s.Mul(s.Cast(out, tensor.Float32), draw(out.Shape()...))))
	})
	if err != nil {
		t.Fatal(err)
	}
	var all [][]float32
	for _, x := range append([]*tensor.Tensor{out}, grads...) {
		values, err := x.Float32s()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, values)
	}
	return all
}

// off is the distance of two vectors, as a part of the second's length.
func off(got, want []float32) float64 {
	var distance, length float64
	for i := range want {
		distance += math.Pow(float64(got[i])-float64(want[i]), 2)
		length += math.Pow(float64(want[i]), 2)
	}
	return math.Sqrt(distance) / (math.Sqrt(length) + 1e-9)
}

func TestKernelsGiveWhatLibtorchGives(t *testing.T) {
	needKernels(t)
	for _, b := range blocks() {
		for precision, tolerance := range map[tensor.DType]float64{tensor.Float32: 1e-5, tensor.BFloat16: 0.05} {
			t.Run(fmt.Sprint(b.name, " in ", precision), func(t *testing.T) {
				want, got := computed(t, b, false, tensor.Float32), computed(t, b, true, precision)
				for i := range want {
					if d := off(got[i], want[i]); !(d <= tolerance) {
						t.Errorf("%s is off by %.2g of its length", map[bool]string{true: "the result", false: fmt.Sprint("gradient ", i-1)}[i == 0], d)
					}
				}
				again := computed(t, b, true, precision)
				for i := range got {
					if off(again[i], got[i]) != 0 {
						t.Error("a second time gives other bits")
					}
				}
			})
		}
	}
}

func TestKernelsGiveTheSameBitsOnAnyNumberOfThreads(t *testing.T) {
	needKernels(t)
	// libtorch keeps the number for each OS thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before, err := tensor.Threads()
	if err != nil {
		t.Fatal(err)
	}
	on := func(threads int, b block) [][]float32 {
		err := tensor.SetThreads(threads)
		values := computed(t, b, true, tensor.Float32)
		if err := errors.Join(err, tensor.SetThreads(before)); err != nil {
			t.Fatal(err)
		}
		return values
	}
	for _, b := range blocks() {
		if b.name == "linear on few rows" { // libtorch's own
			continue
		}
		one, five := on(1, b), on(5, b)
		for i := range one {
			if !slices.Equal(one[i], five[i]) {
				t.Errorf("%s: five threads give other bits than one", b.name)
			}
		}
	}
}

func TestWhatDoesNotFitIsAnErrorThatSaysSo(t *testing.T) {
	needKernels(t)
	type scope = *tensor.Scope
	ones := func(s scope, shape ...int64) *tensor.Tensor { return s.Full(1, tensor.Float32, shape...) }
	cases := map[string]struct {
		run  func(s scope)
		want string
	}{
		"a linear layer of another width": {func(s scope) { s.Linear(ones(s, 20, 3), ones(s, 4, 5), nil) }, "rows have 3 elements, the weight's 5"},
		"a bias of another length":        {func(s scope) { s.Linear(ones(s, 20, 3), ones(s, 4, 3), ones(s, 5)) }, "the bias is [5], not [4]"},
		"a norm of another width":         {func(s scope) { nn.RMSNorm(s, ones(s, 2, 3), ones(s, 4), 1e-6) }, "the norm's weight is [4], not [3]"},
		"summands of two shapes":          {func(s scope) { nn.AddNorm(s, ones(s, 2, 3), ones(s, 1, 3), ones(s, 3), 0, 1e-6) }, "[2, 3] and [1, 3]"},
		"queries and keys of two sizes": {func(s scope) {
			nn.Attention(s, ones(s, 1, 2, 3, 4), ones(s, 1, 2, 3, 5), ones(s, 1, 2, 3, 5), nil, nil, 1, 0)
		}, "queries are"},
		"a mask that does not broadcast": {func(s scope) {
			nn.Attention(s, ones(s, 1, 2, 3, 4), ones(s, 1, 2, 3, 4), ones(s, 1, 2, 3, 4), nil, ones(s, 1, 1, 1, 2), 1, 0)
		}, "does not broadcast"},
		"a label past the vocabulary": {func(s scope) {
			nn.LinearCrossEntropy(s, ones(s, 2, 3), ones(s, 7, 3), s.FromInt64s([]int64{0, 7}, 2))
		}, "label 7 is not in a vocabulary of 7"},
		"a dropout of everything": {func(s scope) {
			s.Training = true
			s.Dropout(ones(s, 2, 3), 1)
		}, "not within [0, 1)"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := tensor.NewScope(tensor.CPU)
			defer s.Close()
			c.run(s)
			if s.Err() == nil || !strings.Contains(s.Err().Error(), c.want) {
				t.Errorf("error %v, want one with %q", s.Err(), c.want)
			}
		})
	}
}

func TestALossOfNoLabelsIsNaN(t *testing.T) {
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	h, w := s.Leaf(s.Full(1, tensor.Float32, 20, 3)), s.Full(1, tensor.Float32, 7, 3)
	loss := nn.LinearCrossEntropy(s, h, w, s.Full(nn.IgnoredLabel, tensor.Int64, 20))
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	if value, err := loss.Item(); err != nil || !math.IsNaN(value) {
		t.Errorf("loss %v, %v", value, err)
	}
}
