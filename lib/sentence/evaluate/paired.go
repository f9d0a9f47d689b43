package evaluate

import (
	"context"
	"fmt"

	"paperlab/lib/evaluate"
)

// Paired is one measure of two models on the same questions.
type Paired struct {
	Measure    string            `json:"measure"`
	Before     float64           `json:"baseline"`
	After      float64           `json:"fine_tuned"`
	Difference evaluate.Interval `json:"difference"` // after less before
}

// Pair takes the measures of [Names] of two models from those of each question, before and after a fine-tuning, and the
// interval of each difference: the questions are drawn anew with both models' results, so that questions hard for both
// do not widen it.
func Pair(ctx context.Context, before, after []Measures, b evaluate.Bootstrap) ([]Paired, error) {
	if len(before) != len(after) {
		return nil, fmt.Errorf("evaluate: %d questions before, %d after: the same are needed", len(before), len(after))
	}
	earlier, later := mean(before).Values(), mean(after).Values()
	var paired []Paired
	for column, name := range Names() {
		differences := make([]float64, len(before))
		for i := range before {
			differences[i] = after[i].Values()[column] - before[i].Values()[column]
		}
		interval, err := b.Mean(ctx, differences)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		paired = append(paired, Paired{Measure: name, Before: earlier[column], After: later[column], Difference: interval})
	}
	return paired, nil
}

// Changed is how well two models answer a question, by nDCG@10.
type Changed struct {
	Query  string  `json:"query"`
	Before float64 `json:"baseline"`
	After  float64 `json:"fine_tuned"`
}
