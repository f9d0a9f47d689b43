package evaluate_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"paperlab/lib/evaluate"
	"paperlab/lib/rouge"
)

// threeScores is the example in rouge_score's own test, whose intervals hold for nearly every seed.
var threeScores = []rouge.Scores{
	{RougeL: rouge.Score{Precision: 1, Recall: 1. / 3, FMeasure: 0.5}},
	{},
	{RougeL: rouge.Score{Precision: 1, Recall: 1, FMeasure: 1}},
}

func TestBootstrapGivesTheIntervalsOfRougeScore(t *testing.T) {
	got, err := evaluate.Bootstrap{Confidence: 0.9, Seed: 1}.Scores(t.Context(), threeScores)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		got, want rouge.Score
	}{
		{"low", got.Low.RougeL, rouge.Score{Precision: 1. / 3, Recall: 1. / 9, FMeasure: 1. / 6}},
		{"mean", got.Mean.RougeL, rouge.Score{Precision: 2. / 3, Recall: 4. / 9, FMeasure: 0.5}},
		{"high", got.High.RougeL, rouge.Score{Precision: 1, Recall: 7. / 9, FMeasure: 5. / 6}},
	} {
		for i, pair := range [][2]float64{
			{c.got.Precision, c.want.Precision}, {c.got.Recall, c.want.Recall}, {c.got.FMeasure, c.want.FMeasure},
		} {
			if !(math.Abs(pair[0]-pair[1]) < 1e-12) {
				t.Errorf("%s value %d = %v, rouge_score has %v", c.name, i, pair[0], pair[1])
			}
		}
	}
	if got.High.Rouge1 != (rouge.Score{}) {
		t.Errorf("scores that are all zero have an interval up to %+v", got.High.Rouge1)
	}
}

func TestBootstrapRepeatsItselfWithItsSeed(t *testing.T) {
	values := []float64{1, 2, 3, 5, 8, 13, 21}
	interval := func(seed uint64) evaluate.Interval {
		got, err := evaluate.Bootstrap{Seed: seed}.Mean(t.Context(), values)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if interval(7) != interval(7) {
		t.Error("the same seed gave other values")
	}
	if interval(7) == interval(8) {
		t.Error("another seed gave the same values")
	}
}

func TestBootstrapIntervalHasTheWidthThatTheoryGives(t *testing.T) {
	values := make([]float64, 400) // of standard deviation 0.5, so that the mean's is 0.025
	for i := range values {
		values[i] = float64(i % 2)
	}
	got, err := evaluate.Bootstrap{Resamples: 4000, Seed: 3}.Mean(t.Context(), values)
	if err != nil {
		t.Fatal(err)
	}
	if got.Mean != 0.5 || math.Abs(got.Low-0.451) > 0.005 || math.Abs(got.High-0.549) > 0.005 {
		t.Errorf("interval %+v, want about 0.451 to 0.549", got)
	}
}

func TestBootstrapRefuses(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		name      string
		ctx       context.Context
		bootstrap evaluate.Bootstrap
		values    []float64
		want      string
	}{
		{"nothing to draw from", t.Context(), evaluate.Bootstrap{}, nil, "no observations"},
		{"a value that is no number", t.Context(), evaluate.Bootstrap{}, []float64{1, math.NaN()}, "observation 1 is NaN"},
		{"an infinite value", t.Context(), evaluate.Bootstrap{}, []float64{math.Inf(-1)}, "observation 0 is -Inf"},
		{"a negative number of draws", t.Context(), evaluate.Bootstrap{Resamples: -1}, []float64{1}, "-1 resamples"},
		{"a confidence above one", t.Context(), evaluate.Bootstrap{Confidence: 95}, []float64{1}, "confidence 95"},
		{"to go on when its context ends", cancelled, evaluate.Bootstrap{}, []float64{1}, context.Canceled.Error()},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.bootstrap.Mean(c.ctx, c.values)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want %q in it", err, c.want)
			}
			if c.ctx.Err() != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("%v does not wrap the context's error", err)
			}
		})
	}
}

func TestIntervalsAreNamedInJSON(t *testing.T) {
	data, err := json.Marshal(evaluate.Interval{Mean: 2, Low: 1, High: 3})
	if err != nil || string(data) != `{"mean":2,"low":1,"high":3}` {
		t.Errorf("%s, %v", data, err)
	}
}

func BenchmarkBootstrapScores(b *testing.B) {
	scores := make([]rouge.Scores, 500)
	for b.Loop() {
		if _, err := (evaluate.Bootstrap{}).Scores(b.Context(), scores); err != nil {
			b.Fatal(err)
		}
	}
}
