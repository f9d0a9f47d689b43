package compute

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/corpus/dataset"
)

// data is the flags that name the papers.
type data struct {
	path   string
	strict bool
	clean  bool
}

func (d *data) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&d.path, "data", dataset.Godoc, "papers: a file of JSON lines, CSV or Parquet (arXiv, scientific_papers, SciSummNet, SciTLDR, unarXive, BEIR; .gz too), a folder of one a part or as SciSummNet is distributed, the hub's address of either (hf://datasets/ORGANISATION/NAME/PATH, scientific_papers/arxiv: fetch it first), or godoc: Go's own documentation")
	cmd.Flags().BoolVar(&d.strict, "strict", false, "end at a malformed line instead of skipping it")
	cleanFlag(cmd, &d.clean)
}

func cleanFlag(cmd *cobra.Command, clean *bool) {
	cmd.Flags().BoolVar(clean, "clean-latex", false, "take out of texts what LaTeX left in them: @xmath0, @xcite, [figure]")
}

// cleaned takes LaTeX's leftovers out of papers where that is asked for.
func (d *data) cleaned(parts ...[]corpus.Paper) {
	if !d.clean {
		return
	}
	for _, papers := range parts {
		for i, p := range papers {
			papers[i].Article, papers[i].Abstract = corpus.CleanLatex(p.Article), corpus.CleanLatex(p.Abstract)
		}
	}
}

// first reads the first n papers, all where n is 0; none at all is an error.
func (d *data) first(ctx context.Context, n int, skipped io.Writer) ([]corpus.Paper, error) {
	papers, err := dataset.Papers(ctx, d.path, n, d.skip(skipped))
	d.cleaned(papers)
	return papers, err
}

// skip reports malformed lines; it is nil where they are fatal.
func (d *data) skip(w io.Writer) func(*corpus.LineError) {
	if d.strict {
		return nil
	}
	return func(e *corpus.LineError) { fmt.Fprintf(w, "skipped %v\n", e) }
}

// searchable leaves out the papers without title or abstract, as the study does; none left is an error.
func searchable(papers []corpus.Paper) ([]corpus.Paper, error) {
	var kept []corpus.Paper
	for _, p := range papers {
		if p.Title != "" && p.Abstract != "" {
			kept = append(kept, p)
		}
	}
	if len(kept) == 0 {
		return nil, fmt.Errorf("none of the %d papers has both title and abstract", len(papers))
	}
	return kept, nil
}

// parts is the flags that divide the papers.
type parts struct {
	data
	sizes corpus.Sizes
	seed  int64
}

func (p *parts) flags(cmd *cobra.Command) {
	p.data.flags(cmd)
	cli.Count(cmd, &p.sizes.Train, "train", 2000, 0, "papers to train on, at most")
	cli.Count(cmd, &p.sizes.Validation, "validation", 500, 0, "papers to validate on, at most")
	cli.Count(cmd, &p.sizes.Test, "test", 500, 0, "papers to test on, at most")
	cmd.Flags().Int64Var(&p.seed, "seed", 42, "seed of the split, of shuffling and of dropout")
}

// split reads the papers in three parts.
func (p *parts) split(ctx context.Context, skipped io.Writer) (corpus.Split, error) {
	split, err := dataset.Split(ctx, p.path, p.sizes, uint64(p.seed), p.skip(skipped))
	p.cleaned(split.Train, split.Validation, split.Test)
	return split, err
}

// check refuses a part of a split on which nothing can be computed.
func (p *parts) check(purpose string, papers []corpus.Paper) error {
	if len(papers) == 0 {
		return console.Hint(fmt.Errorf("%s: no papers to %s on", p.path, purpose), "look at --data, --train, --validation and --test")
	}
	for _, paper := range papers {
		if paper.Article != "" && paper.Abstract != "" {
			return nil
		}
	}
	return fmt.Errorf("%s: none of the %d papers to %s on has both article and abstract", p.path, len(papers), purpose)
}
