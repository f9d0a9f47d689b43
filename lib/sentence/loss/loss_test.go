package loss_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"paperlab/lib/sentence/loss"
	"paperlab/lib/tensor"
)

func item(t *testing.T, s *tensor.Scope, x *tensor.Tensor) float64 {
	t.Helper()
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	v, err := x.Item()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func newScope(t *testing.T) *tensor.Scope {
	s := tensor.NewScope(tensor.CPU)
	t.Cleanup(s.Close)
	return s
}

func TestRankingFollowsItsFormula(t *testing.T) {
	s := newScope(t)
	anchors := s.FromFloat32s([]float32{1, 0, 3, 4}, 2, 2)
	// Cosines: of the first anchor 1, 0 and -1, of the second 0.6, 0.8 and -0.6. Lengths do not matter.
	candidates := s.FromFloat32s([]float32{2, 0, 0, 0.1, -7, 0}, 3, 2)
	row := func(right int, cosines ...float64) float64 {
		var sum float64
		for _, c := range cosines {
			sum += math.Exp(2 * c)
		}
		return math.Log(sum) - 2*cosines[right]
	}
	want := (row(0, 1, 0, -1) + row(1, 0.6, 0.8, -0.6)) / 2
	if got := item(t, s, loss.MultipleNegativesRanking(s, anchors, candidates, 2)); math.Abs(got-want) > 1e-6 {
		t.Errorf("loss %v, want %v", got, want)
	}
}

func TestRankingIsTheSameUnderAutocast(t *testing.T) {
	s := newScope(t)
	anchors, candidates := s.FromFloat32s([]float32{1, 0.01, 1, 0.02}, 2, 2), s.FromFloat32s([]float32{1, 0.03, 1, 0.04}, 2, 2)
	want := item(t, s, loss.MultipleNegativesRanking(s, anchors, candidates, loss.Scale))
	var l *tensor.Tensor
	err := tensor.Autocast(tensor.CPU, tensor.BFloat16, func() error {
		l = loss.MultipleNegativesRanking(s, anchors, candidates, loss.Scale)
		return s.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := item(t, s, l); got != want || l.DType() != tensor.Float32 {
		t.Errorf("%v %v, in float32 %v", l.DType(), got, want)
	}
}

func TestRankingOfZeroVectorsHasFiniteGradients(t *testing.T) {
	s := newScope(t)
	anchors := s.Leaf(s.FromFloat32s([]float32{0, 0, 1, 2}, 2, 2))
	if err := tensor.Backward(loss.MultipleNegativesRanking(s, anchors, s.FromFloat32s([]float32{1, 0, 0, 1}, 2, 2), loss.Scale)); err != nil {
		t.Fatal(err)
	}
	grad, err := s.Grad(anchors).Float32s()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range grad {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			t.Errorf("gradient %v", grad)
		}
	}
}

func TestRankingRefusesWhatItCannotRank(t *testing.T) {
	two, three := []int64{2, 2}, []int64{3, 2}
	for want, c := range map[string]struct {
		anchors, candidates []int64
		scale               float64
	}{
		"scale 0":      {two, two, 0},
		"scale -1":     {two, two, -1},
		"scale NaN":    {two, two, math.NaN()},
		"2 candidates": {three, two, 20},
		"matmul":       {two, []int64{2, 3}, 20},
	} {
		s := newScope(t)
		l := loss.MultipleNegativesRanking(s, s.Zeros(tensor.Float32, c.anchors...), s.Zeros(tensor.Float32, c.candidates...), c.scale)
		if l != nil || s.Err() == nil || !strings.Contains(s.Err().Error(), want) {
			t.Errorf("%s: error %v", want, s.Err())
		}
	}
}

func ExampleMultipleNegativesRanking() {
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	anchors := s.FromFloat32s([]float32{1, 0, 0, 1}, 2, 2)
	apart := loss.MultipleNegativesRanking(s, anchors, anchors, loss.Scale)
	equal := loss.MultipleNegativesRanking(s, anchors, s.Full(1, tensor.Float32, 2, 2), loss.Scale)
	if s.Err() != nil {
		fmt.Println(s.Err())
		return
	}
	for _, l := range []*tensor.Tensor{apart, equal} {
		v, err := l.Item()
		fmt.Printf("%.4f %v\n", v, err)
	}
	// Output:
	// 0.0000 <nil>
	// 0.6931 <nil>
}
