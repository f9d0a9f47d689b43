package nn_test

import (
	"math"
	"slices"
	"testing"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

func near(t *testing.T, what string, got *tensor.Tensor, want ...float64) {
	t.Helper()
	values, err := got.Float32s()
	if err != nil || len(values) != len(want) {
		t.Fatalf("%s: %v, %v; want %v", what, values, err, want)
	}
	for i := range want {
		if math.Abs(float64(values[i])-want[i]) > 1e-5 {
			t.Errorf("%s: element %d is %v, want %v", what, i, values[i], want[i])
		}
	}
}

func TestRMSNormDividesByTheRootOfTheMeanSquare(t *testing.T) {
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	x, w := s.FromFloat32s([]float32{3, 4}, 1, 2), s.FromFloat32s([]float32{1, 2}, 2)
	root := math.Sqrt(12.5)
	near(t, "norm", nn.RMSNorm(s, x, w, 0), 3/root, 8/root)
	sum, normed := nn.AddNorm(s, x, x, w, 0.5, 0)
	near(t, "sum outside training", sum, 6, 8)
	near(t, "its norm", normed, 3/root, 8/root)
}

func TestAttentionLooksOnlyAtWhatTheMaskAllows(t *testing.T) {
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	q := s.Zeros(tensor.Float32, 1, 1, 1, 2)
	k := s.Zeros(tensor.Float32, 1, 1, 3, 2)
	v := s.FromFloat32s([]float32{1, 2, 3, 4, 100, 200}, 1, 1, 3, 2)
	mask := nn.PaddingMask(s, s.FromInt64s([]int64{1, 1, 0}, 1, 3))
	near(t, "two of three", nn.Attention(s, q, k, v, nil, mask, 1, 0), 2, 3)
	none := nn.PaddingMask(s, s.FromInt64s([]int64{0, 0, 0}, 1, 3))
	near(t, "nothing to attend to gives the mean", nn.Attention(s, q, k, v, nil, none, 1, 0), 104.0/3, 206.0/3)
	near(t, "no mask", nn.Attention(s, q, k, v, nil, nil, 1, 0), 104.0/3, 206.0/3)
}

func TestLinearCrossEntropyLeavesIgnoredLabelsOut(t *testing.T) {
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	h, w := s.Zeros(tensor.Float32, 1, 3, 2), s.Zeros(tensor.Float32, 4, 2)
	labels := s.FromInt64s([]int64{0, nn.IgnoredLabel, 3}, 1, 3)
	near(t, "uniform over four", nn.LinearCrossEntropy(s, h, w, labels), math.Log(4))
}

func TestGatedGELUIsTheGateTimesTheValue(t *testing.T) {
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	x := s.FromFloat32s([]float32{1}, 1, 1)
	weight := func(v float32) *tensor.Tensor { return s.FromFloat32s([]float32{v}, 1, 1) }
	gelu := 0.5 * 2 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(2+0.044715*8)))
	near(t, "block", nn.GatedGELU(s, x, weight(2), weight(3), weight(5), 0), gelu*3*5)
}

func TestPadFillsUpToTheLongest(t *testing.T) {
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	ids, mask := nn.Pad(s, [][]int{{7, 8, 9}, {5}}, 0)
	got, _ := ids.Int64s()
	present, _ := mask.Int64s()
	if !slices.Equal(got, []int64{7, 8, 9, 5, 0, 0}) || !slices.Equal(present, []int64{1, 1, 1, 1, 0, 0}) || ids.Dim(0) != 2 {
		t.Errorf("ids %v, mask %v", got, present)
	}
}
