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
	Score   float64 `json:"score"`
	Seconds float64 `json:"seconds"` // of all that were written together
}

// Summarize writes a summary of the first maxInput tokens (0: of all) of a text that begins with the prefix of the model's
// training.
func (m *Model) Summarize(ctx context.Context, text string, maxInput int, how generate.Config) (Summary, error) {
	how.NumReturnSequences = 1
	all, err := m.Summaries(ctx, text, maxInput, how)
	if err != nil {
		return Summary{}, err
	}
	return all[0], nil
}

// Summaries writes several, as many as how.NumReturnSequences says, the best first.
func (m *Model) Summaries(ctx context.Context, text string, maxInput int, how generate.Config) ([]Summary, error) {
	begin := time.Now()
	var out []generate.Sequence
	err := m.mixed(func() (err error) {
		out, err = generate.Generate(ctx, m.Model, [][]int{m.Tokenizer.Encode(text, maxInput)}, how)
		return err
	})
	if err != nil {
		return nil, err
	}
	seconds := time.Since(begin).Seconds()
	all := make([]Summary, len(out))
	for i, s := range out {
		all[i] = Summary{m.Tokenizer.Decode(s.IDs, true), s.IDs, s.Score, seconds}
	}
	return all, nil
}

// Stream is Summarize without beams, and tells the text that there is so far after each token.
func (m *Model) Stream(ctx context.Context, text string, maxInput int, how generate.Config, each func(sofar string) error) (Summary, error) {
	begin := time.Now()
	var out generate.Sequence
	var ids []int
	err := m.mixed(func() (err error) {
		out, err = generate.Stream(ctx, m.Model, m.Tokenizer.Encode(text, maxInput), how, func(id int) error {
			ids = append(ids, id)
			return each(m.Tokenizer.Decode(ids, true))
		})
		return err
	})
	if err != nil {
		return Summary{}, err
	}
	return Summary{m.Tokenizer.Decode(out.IDs, true), out.IDs, out.Score, time.Since(begin).Seconds()}, nil
}

// mixed computes in the model's precision.
func (m *Model) mixed(do func() error) error {
	return tensor.Autocast(m.Parameters().Device(), m.precision(), do)
}

// SummarizeAll writes the summaries of papers, each of the first maxInput tokens of prefix and article. Progress, if not
// nil, is told after each how many are done.
func (m *Model) SummarizeAll(
	ctx context.Context, papers []corpus.Paper, prefix string, maxInput int, how generate.Config, progress func(done, total int),
) ([]string, error) {
	written, err := m.writeAll(ctx, papers, prefix, maxInput, how, progress)
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(written))
	for i, summary := range written {
		texts[i] = summary.Text
	}
	return texts, nil
}

func (m *Model) writeAll(
	ctx context.Context, papers []corpus.Paper, prefix string, maxInput int, how generate.Config, progress func(done, total int),
) ([]Summary, error) {
	written := make([]Summary, 0, len(papers))
	for i, p := range papers {
		summary, err := m.Summarize(ctx, prefix+p.Article, maxInput, how)
		if err != nil {
			return nil, fmt.Errorf("summary %d of %d: %w", i+1, len(papers), err)
		}
		written = append(written, summary)
		if progress != nil {
			progress(i+1, len(papers))
		}
	}
	return written, nil
}

func (m *Model) precision() tensor.DType {
	if m.Precision == 0 {
		return tensor.Float32
	}
	return m.Precision
}
