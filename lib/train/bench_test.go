package train_test

import (
	"testing"

	"paperlab/lib/train"
)

// BenchmarkStep is what the loop itself costs: a step of a model that is next to nothing.
func BenchmarkStep(b *testing.B) {
	work := train.Task[points]{Model: newMLP(b, 0), Training: curve(64, 1)}
	cfg := train.Config{MaxSteps: b.N, BatchSize: 4, LearningRate: 1e-3, MaxGradNorm: 1}
	b.ReportAllocs()
	if _, err := train.Fit(b.Context(), work, cfg); err != nil {
		b.Fatal(err)
	}
}
