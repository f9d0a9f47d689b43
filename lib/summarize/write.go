package summarize

import (
	"context"
	"fmt"
	"time"

	"paperlab/lib/corpus"
	"paperlab/lib/generate"
	"paperlab/lib/tensor"
)

// Summary is what a model wrote of a text.
type Summary struct {
	Text    string  `json:"text"`
	IDs     []int   `json:"ids"` // as generate of transformers returns them, unpadded
	Seconds float64 `json:"seconds"`
}

// Summarize writes a summary of the first maxInput tokens (0: of all) of a text that begins with the prefix of the model's
// training.
func (m *Model) Summarize(ctx context.Context, text string, maxInput int, how generate.Config) (Summary, error) {
	begin := time.Now()
	var out []generate.Sequence
	err := tensor.Autocast(m.Parameters().Device(), m.precision(), func() (err error) {
		out, err = generate.Generate(ctx, m.Model, [][]int{m.Tokenizer.Encode(text, maxInput)}, how)
		return err
	})
	if err != nil {
		return Summary{}, err
	}
	return Summary{m.Tokenizer.Decode(out[0].IDs, true), out[0].IDs, time.Since(begin).Seconds()}, nil
}

// SummarizeAll writes the summaries of papers, each of the first maxInput tokens of prefix and article. Progress, if not
// nil, is told after each how many are done.
func (m *Model) SummarizeAll(
	ctx context.Context, papers []corpus.Paper, prefix string, maxInput int, how generate.Config, progress func(done, total int),
) ([]string, error) {
	summaries := make([]string, 0, len(papers))
	for i, p := range papers {
		summary, err := m.Summarize(ctx, prefix+p.Article, maxInput, how)
		if err != nil {
			return nil, fmt.Errorf("summary %d of %d: %w", i+1, len(papers), err)
		}
		summaries = append(summaries, summary.Text)
		if progress != nil {
			progress(i+1, len(papers))
		}
	}
	return summaries, nil
}

func (m *Model) precision() tensor.DType {
	if m.Precision == 0 {
		return tensor.Float32
	}
	return m.Precision
}
