package t5_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"paperlab/lib/nn/nntest"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

// needKernels skips a test of this library's own kernels where the processor has none for the type.
func needKernels(t *testing.T, dtype tensor.DType) {
	t.Helper()
	if !tensor.Kernels(tensor.CPU, dtype) {
		t.Skipf("SKIPPED: no kernels for %v here (they need AVX-512, for bfloat16 AVX512-BF16, and PAPERLAB_KERNELS unset)", dtype)
	}
}

// written is what a decoder gave at each step, when every beam's parent and token change all the time.
func written(t *testing.T, m *t5.Model, kernels bool, dtype tensor.DType, mask []int64, texts, beams, steps int) [][]float32 {
	t.Helper()
	defer tensor.SetKernels(tensor.SetKernels(kernels))
	s, c := nntest.NewScope(t), m.Config()
	length := len(mask) / texts
	ids := make([]int64, len(mask))
	for i := range ids {
		ids[i] = int64(i*7+3) % c.VocabSize
	}
	var all [][]float32
	err := tensor.NoGrad(func() error {
		return tensor.Autocast(tensor.CPU, dtype, func() error {
			seen := s.FromInt64s(mask, int64(texts), int64(length))
			encoded := m.Encode(s, s.FromInt64s(ids, int64(texts), int64(length)), seen)
			d := m.NewDecoder(s, encoded, seen, beams, steps)
			tokens, parents := make([]int64, texts*beams), make([]int64, texts*beams)
			for step := range steps {
				for row := range tokens {
					tokens[row], parents[row] = int64(row*5+step*11)%c.VocabSize, int64((row*3+step)%beams)
				}
				all = append(all, nntest.Float32s(t, s, s.Cast(d.Step(s, tokens, parents), tensor.Float32)))
			}
			return s.Err()
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheKernelDecodesAsLibtorchsOperationsDo(t *testing.T) {
	holes := slices.Repeat([]int64{1}, 3*37)
	for i := range holes {
		if i%5 == 0 || i > 90 {
			holes[i] = 0
		}
	}
	one := slices.Repeat([]int64{1}, 70)
	for _, dtype := range []tensor.DType{tensor.Float32, tensor.BFloat16} {
		for _, odd := range []bool{false, true} {
			for _, of := range []struct {
				mask         []int64
				texts, beams int
			}{{one, 1, 1}, {one, 1, 5}, {holes, 3, 7}, {[]int64{1, 1, 0, 0}, 2, 2}} {
				t.Run(fmt.Sprint(dtype, " odd ", odd, " texts ", of.texts, " beams ", of.beams), func(t *testing.T) {
					needKernels(t, dtype)
					for _, folder := range models {
						m := load(t, filepath.Join("testdata", folder))
						if odd {
							m = oddModel(t, m.Config())
						}
						want := written(t, m, false, tensor.Float32, of.mask, of.texts, of.beams, 20)
						got := written(t, m, true, dtype, of.mask, of.texts, of.beams, 20)
						for step := range want {
							if dtype == tensor.Float32 {
								nntest.Near(t, fmt.Sprint("step ", step), got[step], want[step])
							} else if d := nntest.Distance(got[step], want[step]); d > 0.05 {
								t.Errorf("step %d: off by %.3g of its length", step, d)
							}
						}
					}
				})
			}
		}
	}
}

// oddModel has widths that fill neither lanes nor pairs.
func oddModel(t *testing.T, c t5.Config) *t5.Model {
	t.Helper()
	c.DModel, c.DKV, c.DFF, c.NumHeads, c.VocabSize, c.NumDecoderLayers = 45, 7, 83, 3, 71, 3
	m, err := t5.New(c, tensor.CPU, 5)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

func TestPackedWeightsFollowTheParameters(t *testing.T) {
	needKernels(t, tensor.Float32)
	m := load(t, filepath.Join("testdata", "gated"))
	mask := []int64{1, 1, 1}
	before := written(t, m, true, tensor.Float32, mask, 1, 2, 3)
	s := nntest.NewScope(t)
	if err := tensor.NoGrad(func() error { s.Scale(m.Parameters().Get("lm_head.weight"), 2); return s.Err() }); err != nil {
		t.Fatal(err)
	}
	after := written(t, m, true, tensor.Float32, mask, 1, 2, 3)
	for step := range before {
		for i := range before[step] {
			before[step][i] *= 2
		}
		nntest.Near(t, "twice the output layer's weights", after[step], before[step])
	}
}

func TestATokenOutsideTheVocabularyIsAnError(t *testing.T) {
	m, s := load(t, filepath.Join("testdata", "gated")), nntest.NewScope(t)
	err := tensor.NoGrad(func() error {
		mask := s.FromInt64s([]int64{1, 1}, 1, 2)
		d := m.NewDecoder(s, m.Encode(s, s.FromInt64s([]int64{5, 1}, 1, 2), mask), mask, 1, 4)
		d.Step(s, []int64{m.Config().VocabSize}, []int64{0})
		return s.Err()
	})
	if err == nil {
		t.Error("no error")
	}
}

func TestReadingTextsGivesTheDecoderOfTheirPaddedBatch(t *testing.T) {
	texts := [][]int{{5, 9, 2, 8, 1}, {7, 1}, {3, 3, 3, 4, 4, 4, 6, 1}}
	for i := range 150 { // so many that the kernel takes them token by token
		texts[1] = append(texts[1], 2+i%40)
	}
	for _, dtype := range []tensor.DType{tensor.Float32, tensor.BFloat16} {
		for _, folder := range models {
			for _, odd := range []bool{false, true} {
				t.Run(fmt.Sprint(dtype, folder, odd), func(t *testing.T) {
					needKernels(t, dtype)
					m := load(t, filepath.Join("testdata", folder))
					if odd {
						m = oddModel(t, m.Config())
					}
					first := func(kernels bool, dtype tensor.DType) (scores []float32) {
						defer tensor.SetKernels(tensor.SetKernels(kernels))
						s := nntest.NewScope(t)
						err := tensor.NoGrad(func() error {
							return tensor.Autocast(tensor.CPU, dtype, func() error {
								d := m.Read(s, texts, 1, 1)
								scores = nntest.Float32s(t, s, s.Cast(d.Step(s, []int64{0, 0, 0}, []int64{0, 0, 0}), tensor.Float32))
								return s.Err()
							})
						})
						if err != nil {
							t.Fatal(err)
						}
						return scores
					}
					want, got := first(false, tensor.Float32), first(true, dtype)
					if dtype == tensor.Float32 {
						nntest.Near(t, "scores", got, want)
					} else if d := nntest.Distance(got, want); !(d <= 0.05) {
						t.Errorf("off by %.3g of its length", d)
					}
				})
			}
		}
	}
}
