package compute

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/generate"
	"paperlab/lib/hub"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
	"paperlab/lib/tokenize"
	"paperlab/lib/train"
)

// preparation is the flags of how texts become examples, with the study's values.
type preparation struct{ t5.Preparation }

func (p *preparation) flags(cmd *cobra.Command) {
	prefixFlag(cmd, &p.Prefix)
	cli.Count(cmd, &p.MaxInput, "max-input", 256, 0, "tokens of an article that the loss is taken on, at most (0: no limit)")
	cli.Count(cmd, &p.MaxTarget, "max-target", 64, 0, "tokens of an abstract that the loss is taken on, at most (0: no limit)")
}

func prefixFlag(cmd *cobra.Command, prefix *string) {
	cmd.Flags().StringVar(prefix, "prefix", "summarize: ", "put before each text")
}

func t5Flag(cmd *cobra.Command, model *string) {
	cmd.Flags().StringVar(model, "model", "google/flan-t5-small", "folder or name of the T5 model")
}

// summarizer is a T5 with its tokenizer, in its place.
type summarizer struct {
	*t5.Model
	tokenizer *tokenize.Tokenizer
	place
}

// loadSummarizer loads a model by folder or name onto the device of the flags. The caller closes it.
func loadSummarizer(name string, on machine) (*summarizer, error) {
	where, err := on.prepare()
	if err != nil {
		return nil, err
	}
	dir, err := hub.Default().Resolve(name)
	if err != nil {
		return nil, err
	}
	tok, err := tokenize.Load(dir)
	if err != nil {
		return nil, err
	}
	if tok.Kind() != tokenize.T5 {
		return nil, fmt.Errorf("model %s: its tokenizer is %s's, a summarising model has T5's", dir, tok.Kind())
	}
	model, err := t5.Load(dir, where.device)
	if err != nil {
		return nil, err
	}
	if rows := model.Config().VocabSize; int64(tok.VocabSize()) > rows {
		model.Close()
		return nil, fmt.Errorf("model %s: its tokenizer has %d tokens, its embedding only %d: they are not of one model", dir, tok.VocabSize(), rows)
	}
	return &summarizer{model, tok, where}, nil
}

// Save writes model and tokenizer into a folder.
func (s *summarizer) Save(dir string) error {
	if err := s.tokenizer.Save(dir); err != nil {
		return err
	}
	return s.Model.Save(dir)
}

// examples tokenises papers.
func (s *summarizer) examples(ctx context.Context, papers []corpus.Paper, how t5.Preparation) (*t5.Examples, error) {
	articles, abstracts := make([]string, len(papers)), make([]string, len(papers))
	for i, p := range papers {
		articles[i], abstracts[i] = p.Article, p.Abstract
	}
	return t5.Prepare(ctx, s.tokenizer, articles, abstracts, how)
}

// loss takes the loss on examples.
func (s *summarizer) loss(ctx context.Context, examples *t5.Examples, batch int) (train.Evaluation, error) {
	return train.Evaluate(ctx, train.Model[t5.Batch](s.Model), examples, batch, s.precision)
}

// summary is what a model writes of a text.
type summary struct {
	Text    string  `json:"text"`
	IDs     []int   `json:"ids"` // as generate of transformers returns them, unpadded
	Seconds float64 `json:"seconds"`
}

// summarize writes a summary of the first tokens of a text that has its prefix.
func (s *summarizer) summarize(ctx context.Context, text string, maxInput int, how generate.Config) (summary, error) {
	begin := time.Now()
	var out []generate.Sequence
	err := tensor.Autocast(s.device, s.precision, func() (err error) {
		out, err = generate.Generate(ctx, s.Model, [][]int{s.tokenizer.Encode(text, maxInput)}, how)
		return err
	})
	if err != nil {
		return summary{}, err
	}
	return summary{s.tokenizer.Decode(out[0].IDs, true), out[0].IDs, time.Since(begin).Seconds()}, nil
}

// summaries writes the texts of summaries, with a progress bar on w.
func (s *summarizer) summaries(ctx context.Context, w io.Writer, texts []string, maxInput int, how generate.Config) ([]string, error) {
	bar := console.NewProgress(w, time.Now, console.Task{Label: "summaries", Unit: "text", Total: int64(len(texts))})
	defer bar.End()
	out := make([]string, 0, len(texts))
	for _, text := range texts {
		written, err := s.summarize(ctx, text, maxInput, how)
		if err != nil {
			return nil, err
		}
		out = append(out, written.Text)
		bar.Add(1)
	}
	return out, nil
}
