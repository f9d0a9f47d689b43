package evaluate

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"paperlab/lib/evaluate"
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
	return []string{"measure", "baseline", "fine-tuned", "difference", "95 % interval"}, rows
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

// Hold embeds questions and documents by both models and compares what they find, question by question.
func (r Retrieval) Hold(ctx context.Context, before, after Encoder, b evaluate.Bootstrap) (Outcome, error) {
	earlier, err := r.each(ctx, before)
	if err != nil {
		return Outcome{}, fmt.Errorf("baseline: %w", err)
	}
	later, err := r.each(ctx, after)
	if err != nil {
		return Outcome{}, fmt.Errorf("fine-tuned model: %w", err)
	}
	o := Outcome{Texts: len(r.Documents)}
	for i, query := range r.Queries {
		o.Questions = append(o.Questions, Changed{Query: query, Before: earlier[i].NDCG10, After: later[i].NDCG10})
	}
	o.Measures, err = Pair(ctx, earlier, later, b)
	return o, err
}

// each takes the measures of each question by a model.
func (r Retrieval) each(ctx context.Context, encode Encoder) ([]Measures, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	vectors, err := encode(ctx, slices.Concat(r.Documents, r.Queries))
	if err != nil {
		return nil, err
	}
	split := len(vectors) / (len(r.Documents) + len(r.Queries)) * len(r.Documents)
	return r.Each(ctx, vectors[split:], vectors[:split])
}

// Hold embeds questions and candidates by both models and compares the orders that they put them in, question by question.
func (t Reranking) Hold(ctx context.Context, before, after Encoder, b evaluate.Bootstrap) (Outcome, error) {
	earlier, err := t.Each(ctx, before)
	if err != nil {
		return Outcome{}, fmt.Errorf("baseline: %w", err)
	}
	later, err := t.Each(ctx, after)
	if err != nil {
		return Outcome{}, fmt.Errorf("fine-tuned model: %w", err)
	}
	var o Outcome
	differences := make([]float64, len(t))
	ndcg := Paired{Measure: "ndcg@10"}
	for i, question := range t {
		o.Texts += len(question.Texts)
		o.Questions = append(o.Questions, Changed{Query: question.Query, Before: earlier[i], After: later[i]})
		differences[i] = later[i] - earlier[i]
		ndcg.Before += earlier[i] / float64(len(t))
		ndcg.After += later[i] / float64(len(t))
	}
	ndcg.Difference, err = b.Mean(ctx, differences)
	o.Measures = []Paired{ndcg}
	return o, err
}

// Hold embeds the pairs by both models and compares the correlations of their cosines with people's scores.
func (t Similarity) Hold(ctx context.Context, before, after Encoder, b evaluate.Bootstrap) (Outcome, error) {
	earlier, err := t.cosines(ctx, before)
	if err != nil {
		return Outcome{}, fmt.Errorf("baseline: %w", err)
	}
	later, err := t.cosines(ctx, after)
	if err != nil {
		return Outcome{}, fmt.Errorf("fine-tuned model: %w", err)
	}
	o := Outcome{Texts: 2 * len(t.Scores)}
	for name, of := range map[string]func(scores, cosines []float64) float64{"pearson": pearson, "spearman": spearman} {
		p := Paired{Measure: name, Before: of(t.Scores, earlier), After: of(t.Scores, later)}
		p.Difference, err = b.Statistic(ctx, len(t.Scores), func(drawn []int) float64 {
			scores := at(t.Scores, drawn)
			return of(scores, at(later, drawn)) - of(scores, at(earlier, drawn))
		})
		if err != nil {
			return o, fmt.Errorf("%s: %w", name, err)
		}
		o.Measures = append(o.Measures, p)
	}
	slices.SortFunc(o.Measures, func(a, b Paired) int { return strings.Compare(a.Measure, b.Measure) })
	return o, nil
}

// at picks values by their numbers.
func at(values []float64, numbers []int) []float64 {
	picked := make([]float64, len(numbers))
	for i, n := range numbers {
		picked[i] = values[n]
	}
	return picked
}
