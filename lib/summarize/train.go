package summarize

import (
	"context"

	"paperlab/lib/corpus"
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
	task := train.Task[t5.Batch]{Model: m.Model, Training: training, Save: m.Save}
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

// Evaluate takes the loss on examples: see [train.Evaluate].
func (m *Model) Evaluate(ctx context.Context, examples *t5.Examples, batchSize int) (train.Evaluation, error) {
	return train.Evaluate(ctx, train.Model[t5.Batch](m.Model), examples, batchSize, m.Precision)
}
