package sentence_test

import (
	"context"
	"strings"
	"testing"

	"paperlab/lib/nn/nntest"
	"paperlab/lib/sentence"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// trainedLosses are those of 30 steps on the whole of a data set, as testdata/make_golden.py takes them.
func trainedLosses[B any](t *testing.T, task train.Task[B]) (losses []float32) {
	t.Helper()
	keep := func(_ context.Context, event train.Event) error {
		if step, ok := event.(train.Step); ok {
			losses = append(losses, float32(step.Loss))
		}
		return nil
	}
	n := task.Training.Len()
	task.Order = func(int, int) []int { return inOrder(n) }
	cfg := train.Config{MaxSteps: 30, BatchSize: n, LearningRate: 1e-3, Schedule: "constant", WeightDecay: 0.01, MaxGradNorm: 1}
	if _, err := train.Fit(t.Context(), task, cfg, keep); err != nil {
		t.Fatal(err)
	}
	return losses
}

func TestThirtyStepsByTheOtherLossesEqualThePeers(t *testing.T) {
	want := golden(t, "golden.safetensors")
	scored := func(m *sentence.Model, scores ...float64) *sentence.Scored {
		texts := goldenTexts(t)
		var first, second []string
		for i := range scores {
			first, second = append(first, texts[2*i]), append(second, texts[2*i+1])
		}
		d, err := m.Scored(t.Context(), first, second, scores)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for name, losses := range map[string]func(m *sentence.Model) []float32{
		"cosine": func(m *sentence.Model) []float32 {
			return trainedLosses(t, sentence.Regression{Model: m}.Task(scored(m, 0.9, 0.4, 0.8, -0.2, 0.5, 1), nil))
		},
		"contrastive": func(m *sentence.Model) []float32 {
			return trainedLosses(t, sentence.Contrast{Model: m, Margin: 0.5}.Task(scored(m, 1, 0, 1, 0, 1, 0), nil))
		},
		"triplet": func(m *sentence.Model) []float32 {
			return trainedLosses(t, sentence.Triplets{Model: m, Margin: 1}.Task(pairs(t, m, goldenTexts(t)[12:18]), nil))
		},
	} {
		t.Run(name, func(t *testing.T) { nntest.Near(t, "losses", losses(withDropout(t, 0)), want.Float32s("losses."+name)) })
	}
}

func TestMiniBatchesTrainAsTheWholeBatchDoes(t *testing.T) {
	want := golden(t, "golden.safetensors").Float32s("losses")
	m := withDropout(t, 0)
	nntest.Near(t, "losses", trainedLosses(t, sentence.Ranking{Model: m, Scale: 20, MiniBatch: 2}.Task(pairs(t, m), nil)), want)
}

func TestScoredPairsRefuseWhatIsNoScore(t *testing.T) {
	m := load(t, "testdata/tiny")
	for want, scores := range map[string][]float64{"from -1 to 1": {5}, "2 scores": {0, 1}} {
		if _, err := m.Scored(t.Context(), []string{"a star"}, []string{"gas"}, scores); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("scores %v: %v", scores, err)
		}
	}
}

func TestTripletsNeedTheirNegatives(t *testing.T) {
	m := load(t, "testdata/tiny")
	triplets := sentence.Triplets{Model: m, Margin: 1}
	if _, err := train.Evaluate(t.Context(), train.Model[sentence.Batch](triplets), train.Dataset[sentence.Batch](pairs(t, m)), 2, tensor.Float32); err == nil || !strings.Contains(err.Error(), "hard negative") {
		t.Errorf("%v", err)
	}
}
