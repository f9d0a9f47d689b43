package compute

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/generate"
	"paperlab/lib/hub"
	"paperlab/lib/summarize"
	"paperlab/lib/t5"
)

// preparation is the flags of how texts become examples, with the study's values.
type preparation struct {
	t5.Preparation
	cache string
}

func (p *preparation) flags(cmd *cobra.Command) {
	prefixFlag(cmd, &p.Prefix)
	cli.Count(cmd, &p.MaxInput, "max-input", 256, 0, "tokens of an article that the loss is taken on, at most (0: no limit; memory and time grow with the square)")
	cli.Count(cmd, &p.MaxTarget, "max-target", 64, 0, "tokens of an abstract that the loss is taken on, at most (0: no limit)")
	cmd.Flags().StringVar(&p.cache, "token-cache", "auto", "folder in which the tokens of papers are kept for the next time, 256 MiB at most; auto: in the user's cache folder; no: none")
}

// examples tokenises papers, with a progress bar on w.
func (p *preparation) examples(ctx context.Context, w io.Writer, m *summarize.Model, papers []corpus.Paper) (*t5.Examples, error) {
	bar := console.NewProgress(w, time.Now, console.Task{Label: "tokens", Unit: "paper", Total: int64(len(papers))})
	defer bar.End()
	examples, err := summarize.Preparer{
		Model: m, How: p.Preparation, Cache: p.cacheFolder(), Progress: func(more int) { bar.Add(int64(more)) },
	}.Examples(ctx, func(yield func(corpus.Paper, error) bool) {
		for _, paper := range papers {
			if !yield(paper, nil) {
				return
			}
		}
	})
	if errors.Is(err, summarize.ErrCache) {
		err = console.Hint(err, "--token-cache no does without")
	}
	return examples, err
}

// cacheFolder is the folder that --token-cache means, empty for none.
func (p *preparation) cacheFolder() string {
	switch p.cache {
	case "no":
		return ""
	case "auto":
		if dir, err := cli.Tokens.Dir(); err == nil {
			return dir
		}
		return ""
	}
	return p.cache
}

func prefixFlag(cmd *cobra.Command, prefix *string) {
	cmd.Flags().StringVar(prefix, "prefix", "summarize: ", "put before each text")
}

func t5Flag(cmd *cobra.Command, model *string) {
	cmd.Flags().StringVar(model, "model", "google/flan-t5-small", "folder or name of the T5 model")
}

// checkSummarizer finds wrong flags of the machine, and a model that is not there, before anything long is begun.
func checkSummarizer(name string, on machine) error {
	if _, err := on.prepare(); err != nil {
		return err
	}
	_, err := hub.Default().Resolve(name)
	return err
}

// loadSummarizer loads a model by folder or name onto the device of the flags. The caller closes it.
func loadSummarizer(name string, on machine) (*summarize.Model, error) {
	where, err := on.prepare()
	if err != nil {
		return nil, err
	}
	dir, err := hub.Default().Resolve(name)
	if err != nil {
		return nil, err
	}
	m, err := summarize.Load(dir, where.device)
	if err != nil {
		return nil, err
	}
	m.Precision = where.precision
	return m, nil
}

// summaries writes summaries of papers, with a progress bar on w.
func summaries(
	ctx context.Context, w io.Writer, m *summarize.Model, papers []corpus.Paper, prefix string, maxInput int, how generate.Config,
) ([]string, error) {
	bar := console.NewProgress(w, time.Now, console.Task{Label: "summaries", Unit: "text", Total: int64(len(papers))})
	defer bar.End()
	return m.SummarizeAll(ctx, papers, prefix, maxInput, how, func(done, _ int) { bar.Set(int64(done)) })
}
