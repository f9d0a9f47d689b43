package bert_test

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"paperlab/lib/bert"
	"paperlab/lib/tensor"
)

// hidden is what a model encodes texts to, by this library's own kernels or by libtorch's operations.
func hidden(t *testing.T, m *bert.Model, kernels bool, dtype tensor.DType, texts [][]int) []float32 {
	t.Helper()
	defer tensor.SetKernels(tensor.SetKernels(kernels))
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	var values []float32
	err := tensor.NoGrad(func() error {
		return tensor.Autocast(tensor.CPU, dtype, func() (err error) {
			states := m.Encode(s, texts)
			if s.Err() != nil {
				return s.Err()
			}
			values, err = states.Float32s()
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// textsOf makes texts of these lengths.
func textsOf(vocabulary int, lengths ...int) [][]int {
	var texts [][]int
	for i, n := range lengths {
		text := make([]int, n)
		for j := range text {
			text[j] = (i*31 + j*17 + 3) % vocabulary
		}
		texts = append(texts, text)
	}
	return texts
}

// off is the length (L2) of got - want, as a share of want's.
func off(got, want []float32) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	var apart, length float64
	for i := range want {
		apart += math.Pow(float64(got[i])-float64(want[i]), 2)
		length += math.Pow(float64(want[i]), 2)
	}
	return math.Sqrt(apart / length)
}

func TestTheKernelEncodesAsLibtorchsOperationsDo(t *testing.T) {
	for _, shape := range []struct{ width, heads, hidden int64 }{{64, 4, 96}, {45, 9, 77}, {18, 2, 35}, {96, 1, 128}} {
		c := bert.Config{
			VocabSize: 50, HiddenSize: shape.width, NumHiddenLayers: 3, NumAttentionHeads: shape.heads, IntermediateSize: shape.hidden,
			MaxPositionEmbeddings: 300, TypeVocabSize: 2, InitializerRange: 0.3, LayerNormEps: 1e-12,
		}
		m, err := bert.New(c, tensor.CPU, 3)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(m.Close)
		for _, lengths := range [][]int{{1}, {7}, {1, 30, 2}, {300, 64, 1, 65, 129}, slices.Repeat([]int{5}, 40)} {
			for dtype, most := range map[tensor.DType]float64{tensor.Float32: 1e-5, tensor.BFloat16: 0.05} {
				t.Run(fmt.Sprint(dtype, shape, lengths), func(t *testing.T) {
					if !tensor.Kernels(tensor.CPU, dtype) {
						t.Skipf("SKIPPED: no kernels for %v here (they need AVX-512, for bfloat16 AVX512-BF16)", dtype)
					}
					texts := textsOf(50, lengths...)
					want := hidden(t, m, false, tensor.Float32, texts)
					if d := off(hidden(t, m, true, dtype, texts), want); !(d <= most) {
						t.Errorf("off by %.3g of its length", d)
					}
				})
			}
		}
	}
}

func TestTextsThatCannotBeEncodedAreRefusedByNumber(t *testing.T) {
	m := load(t, "testdata/tiny")
	long := make([]int, m.Config().MaxPositionEmbeddings+1)
	for _, kernels := range []bool{true, false} {
		for name, texts := range map[string][][]int{"empty": {{1}, {}}, "long": {{1}, long}, "not in the vocabulary": {{1}, {int(m.Config().VocabSize)}}} {
			before := tensor.SetKernels(kernels)
			s := tensor.NewScope(tensor.CPU)
			err := tensor.NoGrad(func() error { m.Encode(s, texts); return s.Err() })
			if err == nil {
				t.Errorf("kernels %v, %s: no error", kernels, name)
			}
			s.Close()
			tensor.SetKernels(before)
		}
	}
}

func TestSeveralGoroutinesEncodeWithOneModel(t *testing.T) {
	m := load(t, "testdata/tiny")
	texts := textsOf(int(m.Config().VocabSize), 9, 20, 4)
	want := hidden(t, m, true, tensor.Float32, texts)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if d := off(hidden(t, m, true, tensor.Float32, texts), want); !(d <= 1e-5) {
				t.Errorf("off by %.3g of its length", d)
			}
		})
	}
	all.Wait()
}
