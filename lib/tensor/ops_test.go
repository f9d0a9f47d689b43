package tensor_test

import (
	"math"
	"slices"
	"testing"

	"paperlab/lib/tensor"
)

// Each operation on a small input whose result can be worked out by hand.
func TestOperationsComputeWhatTheirNamesSay(t *testing.T) {
	type scope = *tensor.Scope
	type tensorp = *tensor.Tensor
	matrix := func(s scope) tensorp { return s.FromFloat32s([]float32{1, 2, 3, 4, 5, 6}, 2, 3) }
	ids := func(s scope, v ...int64) tensorp { return s.FromInt64s(v, int64(len(v))) }
	e := math.E
	cases := []struct {
		name  string
		run   func(s scope) tensorp
		shape []int64
		want  []float64
	}{
		{"add broadcasts", func(s scope) tensorp { return s.Add(matrix(s), s.FromFloat32s([]float32{10, 20, 30}, 3)) }, []int64{2, 3}, []float64{11, 22, 33, 14, 25, 36}},
		{"sub", func(s scope) tensorp { return s.Sub(matrix(s), matrix(s)) }, []int64{2, 3}, make([]float64, 6)},
		{"mul", func(s scope) tensorp { return s.Mul(matrix(s), matrix(s)) }, []int64{2, 3}, []float64{1, 4, 9, 16, 25, 36}},
		{"div", func(s scope) tensorp { return s.Div(matrix(s), s.Full(2, tensor.Float32)) }, []int64{2, 3}, []float64{.5, 1, 1.5, 2, 2.5, 3}},
		{"scalars", func(s scope) tensorp { return s.DivScalar(s.MulScalar(s.AddScalar(matrix(s), 1), 6), 3) }, []int64{2, 3}, []float64{4, 6, 8, 10, 12, 14}},
		{"pow and clamp", func(s scope) tensorp { return s.ClampMin(s.Pow(matrix(s), 2), 9) }, []int64{2, 3}, []float64{9, 9, 9, 16, 25, 36}},
		{"roots", func(s scope) tensorp {
			return s.Mul(s.Sqrt(s.Full(4, tensor.Float32)), s.Rsqrt(s.Full(16, tensor.Float32)))
		}, nil, []float64{.5}},
		{"exp and log", func(s scope) tensorp { return s.Exp(s.Log(s.Full(7, tensor.Float32))) }, nil, []float64{7}},
		{"tanh", func(s scope) tensorp { return s.Tanh(s.Full(1, tensor.Float32)) }, nil, []float64{math.Tanh(1)}},
		{"relu", func(s scope) tensorp { return s.ReLU(s.FromFloat32s([]float32{-1, 2}, 2)) }, []int64{2}, []float64{0, 2}},
		{"gelu", func(s scope) tensorp { return s.GELU(s.Full(1, tensor.Float32)) }, nil, []float64{0.5 * (1 + math.Erf(1/math.Sqrt2))}},
		{"gelu by tanh", func(s scope) tensorp { return s.GELUTanh(s.Full(1, tensor.Float32)) }, nil, []float64{0.5 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*1.044715))}},
		{"matmul", func(s scope) tensorp { return s.MatMul(matrix(s), s.Transpose(matrix(s), 0, 1)) }, []int64{2, 2}, []float64{14, 32, 32, 77}},
		{"linear with a bias", func(s scope) tensorp { return s.Linear(matrix(s), matrix(s), s.FromFloat32s([]float32{1, -1}, 2)) }, []int64{2, 2}, []float64{15, 31, 33, 76}},
		{"embedding", func(s scope) tensorp { return s.Embedding(matrix(s), ids(s, 1, 0, 1)) }, []int64{3, 3}, []float64{4, 5, 6, 1, 2, 3, 4, 5, 6}},
		{"softmax", func(s scope) tensorp { return s.Softmax(s.FromFloat32s([]float32{0, 1}, 2), -1) }, []int64{2}, []float64{1 / (1 + e), e / (1 + e)}},
		{"log softmax", func(s scope) tensorp { return s.LogSoftmax(s.FromFloat32s([]float32{0, 1}, 2), -1) }, []int64{2}, []float64{-math.Log(1 + e), 1 - math.Log(1+e)}},
		{"dropout outside training", func(s scope) tensorp { return s.Dropout(matrix(s), 0.9) }, []int64{2, 3}, []float64{1, 2, 3, 4, 5, 6}},
		{"layer norm", func(s scope) tensorp {
			return s.LayerNorm(s.FromFloat32s([]float32{1, 3}, 1, 2), s.FromFloat32s([]float32{2, 2}, 2), s.FromFloat32s([]float32{0, 1}, 2), 0)
		}, []int64{1, 2}, []float64{-2, 3}},
		{"cross entropy", func(s scope) tensorp { return s.CrossEntropy(s.Zeros(tensor.Float32, 2, 4), ids(s, 1, -100), -100) }, nil, []float64{math.Log(4)}},
		{"reshape", func(s scope) tensorp { return s.Reshape(matrix(s), 3, -1) }, []int64{3, 2}, []float64{1, 2, 3, 4, 5, 6}},
		{"transpose", func(s scope) tensorp { return s.Contiguous(s.Transpose(matrix(s), 0, 1)) }, []int64{3, 2}, []float64{1, 4, 2, 5, 3, 6}},
		{"permute", func(s scope) tensorp { return s.Permute(matrix(s), 1, 0) }, []int64{3, 2}, []float64{1, 4, 2, 5, 3, 6}},
		{"narrow", func(s scope) tensorp { return s.Narrow(matrix(s), 1, 1, 2) }, []int64{2, 2}, []float64{2, 3, 5, 6}},
		{"select", func(s scope) tensorp { return s.Select(matrix(s), 0, -1) }, []int64{3}, []float64{4, 5, 6}},
		{"unsqueeze and expand", func(s scope) tensorp { return s.Expand(s.Unsqueeze(s.Arange(2), 0), 2, -1) }, []int64{2, 2}, []float64{0, 1, 0, 1}},
		{"cat", func(s scope) tensorp { return s.Cat(0, s.Arange(2), s.Arange(1)) }, []int64{3}, []float64{0, 1, 0}},
		{"index select", func(s scope) tensorp { return s.IndexSelect(matrix(s), 1, ids(s, 2, 0)) }, []int64{2, 2}, []float64{3, 1, 6, 4}},
		{"gather", func(s scope) tensorp { return s.Gather(matrix(s), 1, s.FromInt64s([]int64{2, 0}, 2, 1)) }, []int64{2, 1}, []float64{3, 4}},
		{"scatter", func(s scope) tensorp {
			x := matrix(s)
			s.Scatter(x, 1, s.FromInt64s([]int64{2, 0}, 2, 1), s.FromFloat32s([]float32{-1, -2}, 2, 1))
			return x
		}, []int64{2, 3}, []float64{1, 2, -1, -2, 5, 6}},
		{"sum and mean", func(s scope) tensorp { return s.Div(s.Sum(matrix(s)), s.Mean(matrix(s))) }, nil, []float64{6}},
		{"sum along a dimension", func(s scope) tensorp { return s.SumDim(matrix(s), 0, false) }, []int64{3}, []float64{5, 7, 9}},
		{"mean along a dimension", func(s scope) tensorp { return s.MeanDim(matrix(s), -1, true) }, []int64{2, 1}, []float64{2, 5}},
		{"max along a dimension", func(s scope) tensorp { return s.MaxDim(matrix(s), 1) }, []int64{2}, []float64{3, 6}},
		{"argmax", func(s scope) tensorp { return s.ArgMax(matrix(s), 0) }, []int64{3}, []float64{1, 1, 1}},
		{"norm", func(s scope) tensorp { return s.Norm(s.FromFloat32s([]float32{3, 4}, 2)) }, nil, []float64{5}},
		{"norm of a long vector", func(s scope) tensorp { return s.Norm(s.Full(0.5, tensor.Float32, 201*201)) }, nil, []float64{100.5}},
		{"top two", func(s scope) tensorp { v, i := s.TopK(matrix(s), 2, 1); return s.Add(v, i) }, []int64{2, 2}, []float64{5, 3, 8, 6}},
		{"masked fill", func(s scope) tensorp { return s.MaskedFill(matrix(s), s.Equal(matrix(s), 2), 0) }, []int64{2, 3}, []float64{1, 0, 3, 4, 5, 6}},
		{"where", func(s scope) tensorp { return s.Where(s.Less(matrix(s), 3), s.Full(0, tensor.Float32), matrix(s)) }, []int64{2, 3}, []float64{0, 0, 3, 4, 5, 6}},
		{"fill, scale, lerp", func(s scope) tensorp {
			x := matrix(s)
			s.Fill(x, 2)
			s.Scale(x, 3)
			s.Lerp(x, matrix(s), 0.5)
			return x
		}, []int64{2, 3}, []float64{3.5, 4, 4.5, 5, 5.5, 6}},
		{"from bytes of bfloat16", func(s scope) tensorp { return s.FromBytes([]byte{0x80, 0x3f, 0, 0xc0}, tensor.BFloat16, 2) }, []int64{2}, []float64{1, -2}},
		{"to int64 and back", func(s scope) tensorp {
			return s.To(s.Cast(s.Full(2.9, tensor.Float32), tensor.Int64), tensor.CPU, tensor.Float32)
		}, nil, []float64{2}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := tensor.NewScope(tensor.CPU)
			defer s.Close()
			out := c.run(s)
			if s.Err() != nil {
				t.Fatal(s.Err())
			}
			if !slices.Equal(out.Shape(), c.shape) {
				t.Errorf("shape %d, want %d", out.Shape(), c.shape)
			}
			got, err := out.Float32s()
			if err != nil || len(got) != len(c.want) {
				t.Fatalf("%v, %v; want %v", got, err, c.want)
			}
			for i := range got {
				if math.Abs(float64(got[i])-c.want[i]) > 1e-5 {
					t.Errorf("element %d is %v, want %v", i, got[i], c.want[i])
				}
			}
		})
	}
}

func TestDropoutWhileTrainingKeepsTheMean(t *testing.T) {
	r, err := tensor.HoldRandom("this test", tensor.CPU)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	if err := r.Seed(1); err != nil {
		t.Fatal(err)
	}
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	s.Training = true
	values, err := s.Dropout(s.Full(1, tensor.Float32, 10_000), 0.1).Float32s()
	if err != nil {
		t.Fatal(err)
	}
	kept, sum := 0, 0.0
	for _, v := range values {
		if v != 0 {
			kept++
		}
		sum += float64(v)
	}
	if kept < 8800 || kept > 9200 || math.Abs(sum/10_000-1) > 0.03 {
		t.Errorf("%d of 10000 kept with mean %v, want about 9000 with mean 1", kept, sum/10_000)
	}
}
