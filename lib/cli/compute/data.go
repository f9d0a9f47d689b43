package compute

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/corpus/godoc"
)

// data is the flags that name the papers.
type data struct {
	path   string
	sizes  corpus.Sizes
	seed   int64
	strict bool
}

// embedded names the corpus that every machine with Go has.
const embedded = "godoc"

func (d *data) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&d.path, "data", embedded, "papers: a file or folder of JSON lines (arXiv, scientific_papers, SciSummNet), or godoc: Go's own documentation")
	cmd.Flags().BoolVar(&d.strict, "strict", false, "end at a malformed line instead of skipping it")
}

func (d *data) splitFlags(cmd *cobra.Command) {
	d.flags(cmd)
	cmd.Flags().IntVar(&d.sizes.Train, "train", 2000, "papers to train on, at most")
	cmd.Flags().IntVar(&d.sizes.Validation, "validation", 500, "papers to validate on, at most")
	cmd.Flags().IntVar(&d.sizes.Test, "test", 500, "papers to test on, at most")
	cmd.Flags().Int64Var(&d.seed, "seed", 42, "seed of the split, of shuffling and of dropout")
}

// split reads the papers in three parts. Malformed lines are reported and skipped unless --strict.
func (d *data) split(ctx context.Context, cmd *cobra.Command) (corpus.Split, error) {
	if d.path == embedded {
		papers, err := documentation(ctx)
		if err != nil {
			return corpus.Split{}, err
		}
		return corpus.Divide(papers, d.sizes, uint64(d.seed))
	}
	return corpus.Load(ctx, d.path, d.sizes, uint64(d.seed), d.skip(cmd))
}

// first reads the first n papers, all where n is 0.
func (d *data) first(ctx context.Context, cmd *cobra.Command, n int) ([]corpus.Paper, error) {
	if d.path == embedded {
		papers, err := documentation(ctx)
		if n > 0 && n < len(papers) {
			papers = papers[:n]
		}
		return papers, err
	}
	papers := corpus.Open(ctx, d.path)
	if skip := d.skip(cmd); skip != nil {
		papers = corpus.Skip(papers, skip)
	}
	if n > 0 {
		papers = corpus.Limit(papers, n)
	}
	return corpus.Collect(papers)
}

// documentation reads the embedded corpus.
func documentation(ctx context.Context) ([]corpus.Paper, error) {
	src, err := godoc.Source(ctx)
	if err != nil {
		return nil, err
	}
	return godoc.Papers(ctx, src)
}

func (d *data) skip(cmd *cobra.Command) func(*corpus.LineError) {
	if d.strict {
		return nil
	}
	return func(e *corpus.LineError) { fmt.Fprintf(cmd.ErrOrStderr(), "skipped %v\n", e) }
}

// nonEmpty refuses a part of a split without papers, which nothing can be computed on.
func nonEmpty(part string, papers []corpus.Paper) error {
	if len(papers) == 0 {
		return console.Hint(fmt.Errorf("no papers to %s on", part), "look at --data, --train, --validation and --test")
	}
	return nil
}
