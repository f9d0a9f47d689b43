package evaluate

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"paperlab/lib/sentence"
)

// Encoder embeds texts and returns their vectors one after the other.
type Encoder func(ctx context.Context, texts []string) ([]float32, error)

// Using is the encoder of a model.
func Using(m *sentence.Model, o sentence.Options) Encoder {
	return func(ctx context.Context, texts []string) ([]float32, error) { return m.Encode(ctx, texts, o) }
}

// Outcome is what a test showed of two models, before and after a fine-tuning: [Retrieval.Hold], [Reranking.Hold] and
// [Similarity.Hold] give one. It is a plain value.
type Outcome struct {
	Texts     int       // that were to be found or put in order
	Measures  []Paired  // with intervals of their differences
	Questions []Changed // each, in the order of the test; none where a test has no questions
}

// Better returns the questions that the fine-tuned model answers better, the most changed first.
func (o Outcome) Better() []Changed {
	return o.changed(func(c Changed) float64 { return c.After - c.Before })
}

// Worse returns the questions that the fine-tuned model answers worse, the most changed first.
func (o Outcome) Worse() []Changed {
	return o.changed(func(c Changed) float64 { return c.Before - c.After })
}

// changed returns the questions with a positive gain, the highest first.
func (o Outcome) changed(gain func(Changed) float64) []Changed {
	changed := slices.DeleteFunc(slices.Clone(o.Questions), func(c Changed) bool { return !(gain(c) > 0) })
	slices.SortStableFunc(changed, func(a, b Changed) int { return cmp.Compare(gain(b), gain(a)) })
	return changed
}

// Table returns the measures, one a row, for a screen or a notebook.
func (o Outcome) Table() (header []string, rows [][]string) {
	for _, p := range o.Measures {
		rows = append(rows, []string{
			p.Measure, fmt.Sprintf("%.4f", p.Before), fmt.Sprintf("%.4f", p.After), fmt.Sprintf("%+.4f", p.Difference.Mean),
			fmt.Sprintf("%+.4f to %+.4f", p.Difference.Low, p.Difference.High),
		})
	}
	return []string{"measure", "baseline", "fine-tuned", "difference", "interval"}, rows
}

// Series returns the names of the measures, and the values of the baseline and of the fine-tuned model, for a plot of bars.
func (o Outcome) Series() (names []string, before, after []float64) {
	for _, p := range o.Measures {
		names, before, after = append(names, p.Measure), append(before, p.Before), append(after, p.After)
	}
	return names, before, after
}

// Metrics are the figures by the names that a tracker keeps them by, behind a prefix: with "cranfield/", cranfield/ndcg_10 of the
// fine-tuned model, cranfield/ndcg_10_baseline, and cranfield/ndcg_10_difference with _low and _high, the ends of its interval.
func (o Outcome) Metrics(prefix string) map[string]float64 {
	metrics := map[string]float64{}
	for _, p := range o.Measures {
		name := prefix + strings.ReplaceAll(p.Measure, "@", "_")
		metrics[name], metrics[name+"_baseline"] = p.After, p.Before
		metrics[name+"_difference"], metrics[name+"_difference_low"], metrics[name+"_difference_high"] = p.Difference.Mean, p.Difference.Low, p.Difference.High
	}
	return metrics
}

// Rows returns the questions as a table of a tracker: those that changed most first, better or worse.
func (o Outcome) Rows() (columns []string, rows [][]any) {
	size := func(c Changed) float64 { return max(c.After-c.Before, c.Before-c.After) }
	sorted := slices.SortedStableFunc(slices.Values(o.Questions), func(a, b Changed) int { return cmp.Compare(size(b), size(a)) })
	for _, c := range sorted {
		rows = append(rows, []any{c.Query, c.Before, c.After, c.After - c.Before})
	}
	return []string{"question", "nDCG@10 baseline", "nDCG@10 fine-tuned", "difference"}, rows
}
