package compute

import (
	"context"
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
