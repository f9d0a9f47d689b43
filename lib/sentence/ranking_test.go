package sentence_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"paperlab/lib/sentence"
	"paperlab/lib/sentence/loss"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

func TestARankingLearnsItsPairs(t *testing.T) {
	m := load(t, "testdata/tiny")
	pairs, err := m.Pairs(t.Context(), []string{"hot gas", "dark space", "a graph"}, []string{"heat", "black holes", "edges"})
	if err != nil {
		t.Fatal(err)
	}
	ranking := sentence.Ranking{Model: m, Scale: loss.Scale}
	before, err := ranking.Evaluate(t.Context(), pairs, 3, tensor.Float32)
	if err != nil {
		t.Fatal(err)
	}
	config := train.Config{Epochs: 5, BatchSize: 3, LearningRate: 1e-2, MaxGradNorm: 1, Output: t.TempDir()}
	result, err := ranking.Train(t.Context(), pairs, pairs, config)
	if err != nil || result.Steps != 5 || !(result.BestLoss < before.Loss) {
		t.Errorf("%+v, %v; the loss was %v", result, err, before.Loss)
	}
	if _, err := os.Stat(filepath.Join(result.Best, "modules.json")); err != nil {
		t.Errorf("a checkpoint is no model: %v", err)
	}
	config = train.Config{MaxSteps: 1, BatchSize: 3, LearningRate: 1e-2}
	if result, err := ranking.Train(t.Context(), pairs, nil, config); err != nil || !math.IsNaN(result.BestLoss) {
		t.Errorf("without validation pairs: %+v, %v", result, err)
	}
}
