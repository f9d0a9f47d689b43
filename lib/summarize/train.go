package summarize

import (
	"context"

	"paperlab/lib/corpus"
	"paperlab/lib/generate"
	"paperlab/lib/t5"
	"paperlab/lib/train"
)

// Examples tokenises papers: the article is what is read, the abstract what is to be written.
func (m *Model) Examples(ctx context.Context, papers []corpus.Paper, how t5.Preparation) (*t5.Examples, error) {
	articles, abstracts := make([]string, len(papers)), make([]string, len(papers))
	for i, p := range papers {
		articles[i], abstracts[i] = p.Article, p.Abstract
	}
	return t5.Prepare(ctx, m.Tokenizer, articles, abstracts, how)
}

// Task is the training of the model, whose checkpoints hold the tokenizer too. Nil for validation leaves the validation loss out.
func (m *Model) Task(training, validation *t5.Examples) train.Task[t5.Batch] {
	task := train.Task[t5.Batch]{Model: m.learner(), Training: training, Save: m.Save}
	if validation != nil {
		task.Validation = validation
	}
	return task
}

// Train fine-tunes the model, in its own precision whatever the configuration says: see [train.Fit]. Nil for validation leaves
// the validation loss out.
func (m *Model) Train(ctx context.Context, training, validation *t5.Examples, c train.Config, hooks ...train.Hook) (*train.Result, error) {
	c.Precision = m.Precision
	return train.Fit(ctx, m.Task(training, validation), c, hooks...)
}

// Evaluate takes the loss on examples, smoothed if the model's is: see [train.Evaluate].
func (m *Model) Evaluate(ctx context.Context, examples *t5.Examples, batchSize int) (train.Evaluation, error) {
	return train.Evaluate(ctx, m.learner(), examples, batchSize, m.Precision)
}

// learner is the model with the loss that it learns by.
func (m *Model) learner() train.Model[t5.Batch] {
	if m.Smoothing > 0 {
		return t5.Smoothed{Model: m.Model, Epsilon: m.Smoothing}
	}
	return m.Model
}

// MetricNames are the names of what [Model.Metrics] measures.
func MetricNames() []string {
	names := []string{genLen}
	for _, measure := range measures {
		names = append(names, measure.key)
	}
	return names
}

const genLen = "gen_len"

// Metrics returns what a training measures at each evaluation by summaries that the model writes of papers (Trainer's
// predict_with_generate): the mean F-measures rouge1, rouge2, rougeL and rougeLsum, with stems, and gen_len, the mean number of tokens
// without the start token. ROUGE is measured as [Rouge] does. Lengths and settings are those of SummarizeAll. It is for [train.Task]'s Metrics.
func (m *Model) Metrics(papers []corpus.Paper, prefix string, maxInput int, how generate.Config) func(context.Context) (map[string]float64, error) {
	return func(ctx context.Context) (map[string]float64, error) {
		written, err := m.writeAll(ctx, papers, prefix, maxInput, how, nil)
		if err != nil {
			return nil, err
		}
		abstracts, texts, tokens := make([]string, len(papers)), make([]string, len(papers)), 0
		for i, p := range papers {
			abstracts[i], texts[i] = p.Abstract, written[i].Text
			tokens += len(written[i].IDs) - 1
		}
		each, err := scoreAll(ctx, abstracts, texts)
		if err != nil {
			return nil, err
		}
		metrics := map[string]float64{genLen: float64(tokens) / float64(len(papers))}
		for _, measure := range measures {
			for _, scores := range each {
				metrics[measure.key] += measure.of(scores).FMeasure / float64(len(each))
			}
		}
		return metrics, nil
	}
}
