package compute

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/corpus/godoc"
)

// data is the flags that name the papers.
type data struct {
	path   string
	strict bool
}

// embedded names the corpus that every machine with Go has.
const embedded = "godoc"

func (d *data) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&d.path, "data", embedded, "papers: a file of JSON lines (arXiv, scientific_papers, SciSummNet, SciTLDR; .gz too), a folder of one a part, or godoc: Go's own documentation")
	cmd.Flags().BoolVar(&d.strict, "strict", false, "end at a malformed line instead of skipping it")
}

// first reads the first n papers, all where n is 0; none at all is an error.
func (d *data) first(ctx context.Context, n int, skipped io.Writer) ([]corpus.Paper, error) {
	papers, err := d.read(ctx, n, skipped)
	if err == nil && len(papers) == 0 {
		err = fmt.Errorf("%s holds no papers", d.path)
	}
	return papers, err
}

func (d *data) read(ctx context.Context, n int, skipped io.Writer) ([]corpus.Paper, error) {
	if d.path == embedded {
		papers, err := documentation(ctx)
		if n > 0 && n < len(papers) {
			papers = papers[:n]
		}
		return papers, err
	}
	papers := corpus.Open(ctx, d.path)
	if skip := d.skip(skipped); skip != nil {
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
	if p.path == embedded {
		papers, err := documentation(ctx)
		if err != nil {
			return corpus.Split{}, err
		}
		return corpus.Divide(papers, p.sizes, uint64(p.seed))
	}
	return corpus.Load(ctx, p.path, p.sizes, uint64(p.seed), p.skip(skipped))
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
