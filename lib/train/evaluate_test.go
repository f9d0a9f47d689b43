package train_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// labelled is a data set whose example i counts i label tokens.
type labelled struct{ *examples }

func (labelled) Tokens(indices []int) int {
	n := 0
	for _, i := range indices {
		n += i
	}
	return n
}

func TestEvaluationWeighsBatchesByExamplesAndByTokens(t *testing.T) {
	cases := map[string]struct {
		data        train.Dataset[points]
		batch       int
		losses      []float64
		loss, token float64
	}{
		"a short last batch counts less":    {curve(5, 1), 2, []float64{1, 2, 6}, (2*1 + 2*2 + 1*6) / 5., (2*1 + 2*2 + 1*6) / 5.},
		"tokens weigh where they are known": {labelled{curve(5, 1)}, 2, []float64{1, 2, 6}, (2*1 + 2*2 + 1*6) / 5., (1*1 + 5*2 + 4*6) / 10.},
		"a batch without tokens is nothing": {labelled{curve(2, 1)}, 1, []float64{nan, 3}, nan, 3},
		"one batch holds all":               {curve(3, 1), 100, []float64{4}, 4, 4},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			e, err := train.Evaluate(t.Context(), newScripted(t, c.losses...), c.data, c.batch, tensor.Float32)
			if err != nil || !same(e.Loss, c.loss) || !same(e.TokenLoss, c.token) {
				t.Errorf("loss %v, token loss %v, %v; want %v, %v", e.Loss, e.TokenLoss, err, c.loss, c.token)
			}
			if e.Samples != c.data.Len() || e.Batches != len(c.losses) {
				t.Errorf("%d samples in %d batches", e.Samples, e.Batches)
			}
		})
	}
}

func same(a, b float64) bool { return math.Abs(a-b) < 1e-12 || math.IsNaN(a) && math.IsNaN(b) }

func TestEvaluationLeavesTheModelAlone(t *testing.T) {
	m := newMLP(t, 0.5)
	data := curve(20, 1)
	first, err := train.Evaluate(t.Context(), m, data, 4, tensor.Float32)
	if err != nil {
		t.Fatal(err)
	}
	// Dropout would make the second loss another one; recorded gradients would have been added up.
	second, err := train.Evaluate(t.Context(), m, data, 4, tensor.Float32)
	if norm, errNorm := m.parameters.GradNorm(); err != nil || errNorm != nil || second.Loss != first.Loss || norm != 0 {
		t.Errorf("losses %v and %v, gradient norm %v, %v, %v", first.Loss, second.Loss, norm, err, errNorm)
	}
	mixed, err := train.Evaluate(t.Context(), m, data, 4, tensor.BFloat16)
	if err != nil || mixed.Loss == first.Loss || math.Abs(mixed.Loss-first.Loss) > 0.02*first.Loss {
		t.Errorf("bfloat16 loss %v, %v; float32 loss %v", mixed.Loss, err, first.Loss)
	}
}

func TestEvaluationRefusesWhatItCannotDo(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	broken := errors.New("no such example")
	cases := map[string]struct {
		ctx   context.Context
		data  train.Dataset[points]
		batch int
		want  error
	}{
		"nothing to evaluate":    {t.Context(), curve(0, 1), 4, train.ErrNoExamples},
		"an interrupted context": {cancelled, curve(4, 1), 4, context.Canceled},
		"a batch that fails":     {t.Context(), failing{curve(4, 1), broken}, 4, broken},
		"batches of nothing":     {t.Context(), curve(4, 1), 0, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := train.Evaluate(c.ctx, newMLP(t, 0), c.data, c.batch, tensor.Float32)
			if err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}
