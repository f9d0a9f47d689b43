package summarize

import (
	"context"
	"errors"

	"paperlab/lib/corpus"
	"paperlab/lib/generate"
	"paperlab/lib/train"
)

// Samples returns a hook that writes summaries of a few papers after each evaluation, of the first maxInput tokens of prefix and article,
// and tells them to next as the table validation/examples: how the model's writing changes from epoch to epoch. Its cost is that
// of the summaries. Without papers it does nothing, nor where the model's scores are not numbers.
func (m *Model) Samples(papers []corpus.Paper, prefix string, maxInput int, how generate.Config, next train.Hook) train.Hook {
	return func(ctx context.Context, event train.Event) error {
		evaluated, ok := event.(train.Evaluated)
		if !ok || len(papers) == 0 {
			return nil
		}
		summaries, err := m.SummarizeAll(ctx, papers, prefix, maxInput, how, nil)
		if errors.Is(err, generate.ErrNotNumbers) {
			return nil // the loss tells of it, and it is the training's to end
		}
		if err != nil {
			return err
		}
		table := train.Tabled{Key: "validation/examples", Step: evaluated.Step, Columns: []string{"paper", "title", "abstract", "summary"}}
		for i, p := range papers {
			table.Rows = append(table.Rows, []any{p.ID, p.Title, p.Abstract, summaries[i]})
		}
		return next(ctx, table)
	}
}
