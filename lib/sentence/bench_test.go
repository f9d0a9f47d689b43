package sentence_test

import (
	"testing"

	"paperlab/lib/sentence"
	"paperlab/lib/sentence/loss"
	"paperlab/lib/tensor"
)

var precisions = []tensor.DType{tensor.Float32, tensor.BFloat16}

// Titles with abstracts, 128 at a time.
func BenchmarkEncode(b *testing.B) {
	texts := abstracts(b, 128)
	m := minilm(b)
	for _, precision := range precisions {
		b.Run(precision.String(), func(b *testing.B) {
			for b.Loop() {
				encode(b, m, texts, sentence.Options{Precision: precision})
			}
			b.ReportMetric(float64(b.N*len(texts))/b.Elapsed().Seconds(), "docs/s")
		})
	}
}

// One short text, from text to vector.
func BenchmarkEmbed(b *testing.B) {
	m := minilm(b)
	for _, precision := range precisions {
		b.Run(precision.String(), func(b *testing.B) {
			for b.Loop() {
				encode(b, m, []string{"papers that talk about the theory of relativity"}, sentence.Options{Precision: precision})
			}
		})
	}
}

// Forward and backward of 20 pairs of titles with abstracts, dropout on.
func BenchmarkRanking(b *testing.B) {
	texts := abstracts(b, 40)
	m := minilm(b)
	p, err := m.Pairs(b.Context(), texts[:20], texts[20:])
	if err != nil {
		b.Fatal(err)
	}
	indices := make([]int, 20)
	for i := range indices {
		indices[i] = i
	}
	learner := sentence.Ranking{Model: m, Scale: loss.Scale}
	for _, precision := range precisions {
		b.Run(precision.String(), func(b *testing.B) {
			for b.Loop() {
				s := tensor.NewScope(tensor.CPU)
				s.Training = true
				err := tensor.Autocast(tensor.CPU, precision, func() error {
					return tensor.Backward(learner.Loss(s, p.Batch(s, indices)))
				})
				if err != nil || s.Err() != nil {
					b.Fatal(err, s.Err())
				}
				s.Close()
			}
		})
	}
}
